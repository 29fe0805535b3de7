// Starting the service: a process of its own that outlives this window.

import { spawn } from "node:child_process";

/** Variables of the editor's own process that would turn another program into something else. */
const EDITORS_OWN = /^(?:ELECTRON_|VSCODE_)/;
const SETTLED = 2000;

/**
 * Starts the service. Where one runs already the new one ends by itself.
 *
 * @param program by name or path; it is run without a shell.
 * @param socket where it shall listen, "" for the usual place.
 * @returns why it could not be started, or ended at once; "" where it goes on.
 */
export function launch(program: string, socket: string): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !EDITORS_OWN.test(name)));
  if (socket !== "") {
    env["AMP_TRAY_SOCKET"] = socket;
  }
  return new Promise((resolve) => {
    const service = spawn(program, ["serve"], { env, detached: true, stdio: "ignore", windowsHide: true });
    const settled = setTimeout(() => {
      resolve("");
    }, SETTLED);
    service.once("error", () => {
      clearTimeout(settled);
      resolve(`${program} cannot be started: install amp-tray, or name it in ampTray.service.program`);
    });
    service.once("exit", (code) => {
      clearTimeout(settled);
      resolve(code === 0 ? "" : `${program} serve ended at once with ${code ?? "a signal"}`);
    });
    service.unref();
  });
}
