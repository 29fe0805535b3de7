// The `usage.thread` document: one session in detail.

import { Members } from "./shape";
import { type ModelUsage, readModel, readUsage, type Usage } from "./usage";

export interface ThreadUsage extends Usage {
  readonly sessionId: string;
  readonly title: string;
  readonly project: string | null;
  /** Where the vendor shows it, null when it has no page. */
  readonly url: string | null;
  readonly firstActivityAt: Date | null;
  readonly lastActivityAt: Date | null;
  readonly models: readonly ModelUsage[];
  readonly subThreads: number;
}

export function readThread(document: unknown): ThreadUsage {
  const from = Members.of(document, "usage.thread");
  return {
    sessionId: from.text("sessionId"),
    title: from.optionalText("title") ?? "",
    project: from.optionalText("project"),
    url: webAddress(from.optionalText("url")),
    firstActivityAt: from.optionalInstant("firstActivityAt"),
    lastActivityAt: from.optionalInstant("lastActivityAt"),
    models: from.list("models", readModel),
    subThreads: from.list("subThreads", (row) => row).length,
    ...readUsage(from),
  };
}

/** Only what a browser opens: no `command:`, `file:` or `vscode:` address is ever followed. */
function webAddress(text: string | null): string | null {
  return text !== null && URL.canParse(text) && new URL(text).protocol === "https:" ? text : null;
}
