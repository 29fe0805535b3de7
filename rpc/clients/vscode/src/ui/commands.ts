// The commands of the palette. One that fails says why in a message.

import * as vscode from "vscode";

import { browse, type Service } from "./browse";

const LONG = 120; // seconds that reading everything again may take

/** What the commands need of the extension. */
export interface Program extends Service {
  readonly extension: vscode.Extension<unknown>;
  /** Starts the service; returns why that failed, or "". */
  start(): Promise<string>;
  /** Tries to reach the service now. */
  retry(): void;
}

export const SHOW = "ampTray.showSessions";

export function registerCommands(program: Program): vscode.Disposable[] {
  const pause = (paused: boolean) => () => program.ask("service.pause", { paused });
  const commands: Readonly<Record<string, () => Promise<unknown>>> = {
    [SHOW]: () => browse(program, program.extension),
    "ampTray.refresh": () => refresh(program),
    "ampTray.pause": pause(true),
    "ampTray.resume": pause(false),
    "ampTray.startService": () => started(program),
    "ampTray.openSettings": async () => {
      await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${program.extension.id}`);
    },
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, () => run().catch((error: unknown) => refused(program, error))),
  );
}

async function refresh(program: Program): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: "amp-tray reads threads" };
  await vscode.window.withProgress(options, () => program.ask("service.refresh", {}, LONG));
}

async function started(program: Program): Promise<void> {
  const why = await program.start();
  if (why !== "") {
    void vscode.window.showWarningMessage(`amp-tray: ${why}`);
  }
}

async function refused(program: Program, error: unknown): Promise<void> {
  const message = `amp-tray: ${error instanceof Error ? error.message : "the service refused"}`;
  if (program.presence.isConnected) {
    void vscode.window.showWarningMessage(message);
    return;
  }
  program.retry();
  const start = "Start Service";
  if ((await vscode.window.showWarningMessage(message, start)) === start) {
    await started(program);
  }
}
