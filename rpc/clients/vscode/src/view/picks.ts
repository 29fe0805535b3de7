// The rows of the quick picks, as values: the sessions, and one session in detail.

import type { Session } from "../documents/sessions";
import type { ThreadUsage } from "../documents/thread";
import type { Usage } from "../documents/usage";
import * as figures from "../words/figures";
import * as text from "../words/text";

/** A row; a heading is a row without an id. */
export interface Row {
  /** What the row stands for: a session's id, or an action; null for what only tells. */
  readonly id: string | null;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly heading?: true;
}

/** What can be done with a thread. */
export type Action = "open" | "copy" | "file" | "copyPath";

/** What there is to do with a thread's file: open it, copy its path where it lies elsewhere. */
export type FileAction = "file" | "copyPath" | null;

/** Returns a row a session, as they come, below headings of the days. */
export function sessionRows(sessions: readonly Session[], today: string, now: Date): readonly Row[] {
  return sessions.flatMap((session, place) => {
    const day = session.lastActivity;
    const row = sessionRow(session, now);
    return day === sessions[place - 1]?.lastActivity ? [row] : [heading(day === today ? text.TODAY : day), row];
  });
}

/** Returns the rows of one session: what can be done, its tokens by kind, its models, the rest. */
export function threadRows(thread: ThreadUsage, file: FileAction, now: Date): readonly Row[] {
  return [
    ...(thread.url === null ? [] : [action("open", "$(link-external) Open in Browser", thread.url)]),
    action("copy", "$(copy) Copy Id", thread.sessionId),
    ...(file === "file" ? [action(file, "$(go-to-file) Show the Thread's File")] : []),
    ...(file === "copyPath" ? [action(file, "$(copy) Copy the Path of the Thread's File")] : []),
    heading("Tokens"),
    told("Input", figures.everyDigit(thread.inputTokens)),
    told("Output", figures.everyDigit(thread.outputTokens)),
    told("Cache writes", figures.everyDigit(thread.cacheCreationTokens)),
    told("Cache reads", figures.everyDigit(thread.cacheReadTokens)),
    told("Total", figures.everyDigit(thread.totalTokens)),
    heading("Models"),
    ...thread.models.map((row) => told(plain(text.shortModel(row.model)), spent(row))),
    heading("Thread"),
    told("Cost", figures.cost(thread.totalCost, thread.unpricedTokens)),
    ...(thread.credits === 0 ? [] : [told("Credits", figures.credits(thread.credits))]),
    told("Project", plain(text.clean(thread.project ?? "") || text.NOT_RECORDED)),
    told("First activity", activity(thread.firstActivityAt, now)),
    told("Last activity", activity(thread.lastActivityAt, now)),
    ...(thread.subThreads === 0 ? [] : [told("Sub-threads", figures.everyDigit(thread.subThreads))]),
  ];
}

/**
 * Returns user text for a place that draws `$(name)` as a sign: the letters stay letters.
 */
export function plain(value: string): string {
  return value.replaceAll("$(", "$\u2060("); // a joiner of no width, where no line may break
}

function sessionRow(session: Session, now: Date): Row {
  const models = text.names(session.modelsUsed.map(text.shortModel));
  const details = [text.clean(session.project ?? ""), models, activity(session.lastActivityAt, now)];
  return {
    id: session.sessionId,
    label: plain(text.title(session.title)),
    description: spent(session),
    detail: plain(details.filter((part) => part !== "").join(" · ")),
  };
}

function spent(usage: Usage): string {
  return `${figures.cost(usage.totalCost, usage.unpricedTokens)} · ${figures.tokens(usage.totalTokens)}`;
}

function activity(then: Date | null, now: Date): string {
  return then === null ? text.NOT_RECORDED : figures.ago(then, now);
}

function action(id: Action, label: string, value?: string): Row {
  return value === undefined ? { id, label } : { id, label, description: plain(text.clean(value, 100)) };
}

function told(label: string, description: string): Row {
  return { id: null, label, description };
}

function heading(label: string): Row {
  return { id: null, label, heading: true };
}
