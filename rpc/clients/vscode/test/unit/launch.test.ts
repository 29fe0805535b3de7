import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { launch } from "../../src/wire/launch";
import { inDirectory } from "./service";

function program(directory: string, script: string): string {
  const file = path.join(directory, "amp-tray");
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

test("the service is run with its command, and without the editor's own variables", () =>
  inDirectory(async (directory) => {
    process.env["VSCODE_NLS_CONFIG"] = "x";
    process.env["ELECTRON_RUN_AS_NODE"] = "1";
    const told = path.join(directory, "told");
    const file = program(directory, `{ echo "$@"; env; } > '${told}'`);
    assert.equal(await launch(file, "/a/rpc.sock"), "");
    const [command, ...env] = readFileSync(told, "utf8").trim().split("\n");
    assert.equal(command, "serve");
    assert.ok(env.includes("AMP_TRAY_SOCKET=/a/rpc.sock"));
    assert.deepEqual(env.filter((line) => /^(VSCODE|ELECTRON)_/.test(line)), []);
  }));

test("a name is a name, and no line of a shell", () =>
  inDirectory(async (directory) => {
    const trap = path.join(directory, "trap");
    assert.match(await launch(`true; touch '${trap}'`, ""), /cannot be started: install amp-tray/);
    assert.throws(() => readFileSync(trap));
  }));

test("a service that ends at once says so", () =>
  inDirectory(async (directory) => {
    const file = program(directory, "exit 3");
    assert.equal(await launch(file, ""), `${file} serve ended at once with 3`);
  }));
