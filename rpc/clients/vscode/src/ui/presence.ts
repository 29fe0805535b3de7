// What a window knows and shows: the newest figures and how it stands with the service.

import * as vscode from "vscode";

import type { Summary } from "../documents/summary";
import type { Metric } from "../view/bar";
import { note, type State } from "../view/state";
import type { Listener, Standing } from "../wire/follower";
import { Item } from "./item";

export class Presence implements Listener {
  private state: State = { standing: { phase: "connecting", version: "", reason: "" }, summary: null };
  private said = "";

  constructor(
    private readonly item: Item,
    private readonly log: vscode.LogOutputChannel,
    private readonly metric: () => Metric,
    private readonly onOffline: (standing: Standing) => void,
  ) {}

  /** The present day as the service counts it, "" while there are no figures. */
  get today(): string {
    return this.state.summary?.today.key ?? "";
  }

  get isConnected(): boolean {
    return this.state.standing.phase === "connected";
  }

  onStanding(standing: Standing): void {
    this.state = { ...this.state, standing };
    this.show();
    if (standing.phase === "offline") {
      this.onOffline(standing);
    }
  }

  onSummary(summary: Summary): void {
    this.state = { ...this.state, summary };
    this.show();
  }

  draw(): void {
    this.item.draw(this.state, this.metric(), new Date());
  }

  private show(): void {
    const { standing, summary } = this.state;
    const said = note(this.state) || `Connected to amp-tray ${standing.version}`;
    if (said !== this.said) {
      this.said = said;
      this.log.info(said);
      // For the palette: which commands there are.
      void vscode.commands.executeCommand("setContext", "ampTray.connected", this.isConnected);
      void vscode.commands.executeCommand("setContext", "ampTray.paused", summary?.paused === true);
    }
    this.draw();
  }
}
