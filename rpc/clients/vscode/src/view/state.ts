// All that is known when something is drawn.

import type { Summary } from "../documents/summary";
import type { Standing } from "../wire/follower";
import * as text from "../words/text";

export interface State {
  readonly standing: Standing;
  /** The newest figures, kept while the service is away; null before the first. */
  readonly summary: Summary | null;
}

/** Returns the sentence that says why figures may not move, "" where they do. */
export function note({ standing, summary }: State): string {
  switch (standing.phase) {
    case "connecting":
      return text.CONNECTING;
    case "starting":
      return text.STARTING;
    case "offline":
      return standing.reason === "" ? text.OFFLINE : `${text.OFFLINE}: ${text.clean(standing.reason, 200)}`;
    case "connected":
      return summary?.paused === true ? text.PAUSED : "";
  }
}
