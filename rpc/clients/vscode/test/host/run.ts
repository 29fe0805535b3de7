// Tests that run inside the editor's extension host, beside a real service. The editor calls
// `run`; what came of each test goes into the file that AMP_TRAY_TEST_RESULTS names.

import { writeFileSync } from "node:fs";

import { tests } from "./tests";

const SECONDS = 30;

export async function run(): Promise<void> {
  const results: Record<string, string> = {};
  for (const [name, test] of Object.entries(tests)) {
    results[name] = await outcome(test());
  }
  const file = process.env["AMP_TRAY_TEST_RESULTS"];
  if (file === undefined) {
    throw new Error("AMP_TRAY_TEST_RESULTS is not set");
  }
  writeFileSync(file, JSON.stringify(results));
}

async function outcome(test: Promise<void>): Promise<string> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, SECONDS * 1000, "it took too long"));
  const done = test.then(
    () => "passed",
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  return Promise.race([done, late]);
}
