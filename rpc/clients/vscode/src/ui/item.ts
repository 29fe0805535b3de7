// The status bar's item: drawn from a state, and only when it looks different.

import * as vscode from "vscode";

import { barOf, type Level, type Metric } from "../view/bar";
import type { State } from "../view/state";
import { tooltipOf } from "../view/tooltip";
import { APP } from "../words/text";

const PRIORITY = 90;
const BACKGROUNDS: Readonly<Record<Level, vscode.ThemeColor | undefined>> = {
  ok: undefined,
  near: new vscode.ThemeColor("statusBarItem.warningBackground"),
  over: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

export class Item {
  private readonly item: vscode.StatusBarItem;
  private drawn = "";

  constructor(command: string) {
    this.item = vscode.window.createStatusBarItem("usage", vscode.StatusBarAlignment.Right, PRIORITY);
    this.item.name = APP;
    this.item.command = command;
    this.item.show();
  }

  draw(state: State, metric: Metric, now: Date): void {
    const bar = barOf(state, metric);
    const tooltip = tooltipOf(state, now);
    const looks = JSON.stringify([bar, tooltip]);
    if (looks === this.drawn) {
      return;
    }
    this.drawn = looks;
    this.item.text = bar.text;
    this.item.backgroundColor = BACKGROUNDS[bar.level];
    this.item.accessibilityInformation = { label: bar.spoken, role: "button" };
    // Not trusted, no HTML, no signs: whatever a title says, it can run nothing.
    this.item.tooltip = new vscode.MarkdownString(tooltip);
  }

  dispose(): void {
    this.item.dispose();
  }
}
