// The rows of sessions: those of `report.session`, and the dearest ones in the summary.

import { Members } from "./shape";
import { readUsage, type Usage } from "./usage";

export interface Session extends Usage {
  readonly sessionId: string;
  /** The user's text; may be empty. */
  readonly title: string;
  readonly project: string | null;
  readonly modelsUsed: readonly string[];
  /** `YYYY-MM-DD` in the service's zone. */
  readonly lastActivity: string;
  readonly lastActivityAt: Date | null;
}

export function readSession(from: Members): Session {
  return {
    sessionId: from.text("sessionId"),
    title: from.optionalText("title") ?? "",
    project: from.optionalText("project"),
    modelsUsed: from.texts("modelsUsed"),
    lastActivity: from.text("lastActivity"),
    lastActivityAt: from.optionalInstant("lastActivityAt"),
    ...readUsage(from),
  };
}

/** Returns the sessions of a `report.session` document, the one last used first. */
export function readSessions(document: unknown): readonly Session[] {
  const sessions = Members.of(document, "report.session").list("sessions", readSession);
  return [...sessions].sort((one, other) => instant(other) - instant(one));
}

function instant(session: Session): number {
  return session.lastActivityAt?.getTime() ?? 0;
}
