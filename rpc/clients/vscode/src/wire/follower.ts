// Staying in touch with the service: connect, subscribe, and again when it is lost.

import { DocumentError } from "../documents/shape";
import { readSummary, type Summary } from "../documents/summary";
import { type Line, type OnNotification, Refusal, Unavailable } from "./line";

/** `starting` while the service does its first scan. */
export type Phase = "connecting" | "starting" | "connected" | "offline";

/** How the extension stands with the service. */
export interface Standing {
  readonly phase: Phase;
  /** The service's version, "" while there is none. */
  readonly version: string;
  /** Why there are no figures, for people; "" where there is nothing to add. */
  readonly reason: string;
}

/** Who wants to know. */
export interface Listener {
  onStanding(standing: Standing): void;
  onSummary(summary: Summary): void;
}

/** Milliseconds. */
export interface Pace {
  /** Between two questions while the service does its first scan. */
  readonly notReady: number;
  /** Between two attempts to reach it; the last one repeats. */
  readonly backOff: readonly [number, ...number[]];
}

export const PACE: Pace = { notReady: 500, backOff: [500, 1000, 2000, 5000, 10_000] };

/** Connects to the service, or rejects with `Unavailable`, `Refusal`, or `RangeError` (no such address). */
export type Dial = (onNotification: OnNotification) => Promise<Line>;

/** Calls back when the service may have come; returns what ends that. It may throw. */
export type WatchForService = (onAppear: () => void) => () => void;

/** One connection after another to the same service. */
export class Follower {
  private line: Line | null = null;
  private failures = 0;
  private revision = -1;
  private ended = false;
  private atOnce = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly dial: Dial,
    private readonly watchForService: WatchForService,
    private readonly listener: Listener,
    private readonly pace: Pace = PACE,
  ) {}

  /** Follows the service until `end`. */
  async run(): Promise<void> {
    while (!this.hasEnded()) {
      this.atOnce = false;
      const reason = await this.followOnce().catch(reasonOf);
      this.line = null;
      if (this.hasEnded()) {
        return;
      }
      this.listener.onStanding({ phase: "offline", version: "", reason });
      const { backOff } = this.pace;
      const delay = backOff[Math.min(this.failures, backOff.length - 1)] ?? backOff[0];
      this.failures += 1;
      await this.waitForService(this.isWanted() ? 0 : delay);
    }
  }

  /** Does not wait any longer, or not before the next attempt where one is under way. */
  retry(): void {
    this.failures = 0;
    this.atOnce = true;
    this.wake();
  }

  /** Leaves the connection for another one, to wherever the service is now. */
  redial(): void {
    this.line?.close();
    this.retry();
  }

  /** Calls a method of the service; rejects with `Unavailable` or `Refusal`. */
  async call(method: string, params?: object, seconds?: number): Promise<unknown> {
    if (this.line === null) {
      throw new Unavailable("there is no connection to the service");
    }
    return this.line.call(method, params, seconds);
  }

  end(): void {
    this.ended = true;
    this.line?.close();
    this.wake();
  }

  private async followOnce(): Promise<string> {
    this.revision = -1; // a service that was started anew counts from the start
    const line = await this.dial((method, params) => {
      this.onNotification(method, params);
    });
    this.line = line;
    try {
      this.take(await this.firstSummary(line));
      this.failures = 0;
      this.listener.onStanding({ phase: "connected", version: line.version, reason: "" });
      await line.closed;
      return "";
    } finally {
      line.close();
    }
  }

  private async firstSummary(line: Line): Promise<Summary> {
    let subscribed = false;
    while (!this.hasEnded()) {
      try {
        // Subscribed first: what changes while the summary is on its way is not lost.
        if (!subscribed) {
          await line.call("usage.subscribe");
          subscribed = true;
        }
        return readSummary(await line.call("usage.summary"));
      } catch (error) {
        if (!(error instanceof Refusal && error.isNotReady)) {
          throw error;
        }
        this.listener.onStanding({ phase: "starting", version: line.version, reason: "" });
        await this.wait(this.pace.notReady);
      }
    }
    throw new Unavailable("the window closes");
  }

  private onNotification(method: string, params: unknown): void {
    if (method !== "usage.changed") {
      return;
    }
    try {
      this.take(readSummary((Object(params) as { summary?: unknown }).summary));
    } catch (error) {
      if (!(error instanceof DocumentError)) {
        throw error;
      }
    }
  }

  private hasEnded(): boolean {
    return this.ended;
  }

  private isWanted(): boolean {
    return this.atOnce;
  }

  private take(summary: Summary): void {
    // A notification may overtake the first summary: the older of the two is dropped.
    if (summary.revision >= this.revision) {
      this.revision = summary.revision;
      this.listener.onSummary(summary);
    }
  }

  private async waitForService(milliseconds: number): Promise<void> {
    const waited = this.wait(milliseconds);
    let stop: () => void = () => undefined;
    try {
      stop = this.watchForService(() => {
        this.retry();
      });
    } catch {
      // There is no such place, or it cannot be watched: the time alone counts.
    }
    await waited;
    stop();
  }

  private wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof DocumentError) {
    return "the service and the extension may be of different versions: update both";
  }
  return error instanceof Refusal || error instanceof RangeError ? error.message : "";
}
