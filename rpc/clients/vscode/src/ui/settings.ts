// The user's settings.

import * as vscode from "vscode";

import { type Metric, METRICS } from "../view/bar";

const SECTION = "ampTray";

export interface Settings {
  /** Which figure stands in the status bar. */
  readonly show: Metric;
  /** The service's address, "" to find it. */
  readonly socket: string;
  /** Whether the service is started when a window opens and none runs. */
  readonly startService: boolean;
  /** The program that starts it, by name or path. */
  readonly program: string;
}

export function readSettings(): Settings {
  const found = vscode.workspace.getConfiguration(SECTION);
  const show = found.get("show");
  return {
    show: METRICS.find((metric) => metric === show) ?? "cost",
    socket: textOf(found.get("socket")),
    startService: found.get("service.start") === true,
    program: textOf(found.get("service.program")) || "amp-tray",
  };
}

/** Calls back after each change of a setting. */
export function onSettings(changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SECTION)) {
      changed();
    }
  });
}

// A settings file holds whatever its author wrote.
function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : "";
}
