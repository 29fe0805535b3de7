// Bundles the extension to out/extension.js. With --tests also the unit tests (out/unit/) and
// those that run inside the editor (out/host/); with --release small and without maps.
import { build } from "esbuild";
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

const here = import.meta.dirname;
const release = process.argv.includes("--release");
const bundled = await readFile(path.join(here, "node_modules/vscode-jsonrpc/License.txt"), "utf8");
const common = {
  absWorkingDir: here,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
  minify: release,
  sourcemap: release ? false : "inline",
  banner: { js: `/*! Holds vscode-jsonrpc:\n${bundled}*/` },
};

await rm(path.join(here, "out"), { recursive: true, force: true });
await build({ ...common, entryPoints: ["src/extension.ts"], outfile: "out/extension.js" });
if (process.argv.includes("--tests")) {
  const units = (await readdir(path.join(here, "test/unit"))).filter((name) => name.endsWith(".test.ts"));
  await build({ ...common, entryPoints: units.map((name) => `test/unit/${name}`), outdir: "out/unit" });
  await build({ ...common, entryPoints: ["test/host/run.ts"], outdir: "out/host" });
  await build({ ...common, entryPoints: ["test/words.ts"], outdir: "out" });
}
// The package must carry the licence; there is one, at the top of the repository.
await copyFile(path.join(here, "../../../LICENSE"), path.join(here, "LICENSE"));
