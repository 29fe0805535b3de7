// What stands in the status bar: a sign, one figure, a colour, and a sentence for screen readers.

import type { Budget, Summary } from "../documents/summary";
import { hasNoUsage } from "../documents/summary";
import { isEmpty, type Usage } from "../documents/usage";
import * as figures from "../words/figures";
import * as text from "../words/text";
import { note, type State } from "./state";

/** Which figure is shown: today's cost, tokens or credits, or the month's cost. */
export const METRICS = ["cost", "tokens", "credits", "month"] as const;
export type Metric = (typeof METRICS)[number];

/** How the budget stands that is nearest to its end; none counts as `ok`. */
export type Level = "ok" | "near" | "over";

export interface Bar {
  /** With signs in the editor's notation; holds no user text. */
  readonly text: string;
  readonly level: Level;
  /** The same in words. */
  readonly spoken: string;
}

export function barOf(state: State, metric: Metric): Bar {
  const { summary } = state;
  return {
    text: `$(${sign(state)}) ${summary === null ? text.APP : figure(summary, metric)}`,
    level: summary === null ? "ok" : levelOf(summary.budgets),
    spoken: spoken(state),
  };
}

/** Returns what a period cost, its tokens and its credits, as one line. */
export function usageOf(period: Usage): string {
  const parts = [figures.cost(period.totalCost, period.unpricedTokens), figures.tokens(period.totalTokens)];
  if (period.credits !== 0) {
    parts.push(figures.credits(period.credits)); // none recorded is not 0 credits
  }
  return parts.join(" · ");
}

function levelOf(budgets: readonly Budget[]): Level {
  const levels = budgets.map((budget) => budget.level);
  return levels.includes("over") ? "over" : levels.includes("near") ? "near" : "ok";
}

function sign({ standing, summary }: State): string {
  switch (standing.phase) {
    case "connecting":
    case "starting":
      return "sync~spin";
    case "offline":
      return "debug-disconnect";
    case "connected":
      break;
  }
  if (summary?.paused === true) {
    return "debug-pause";
  }
  return summary?.stale === true ? "history" : "graph";
}

function figure(summary: Summary, metric: Metric): string {
  if (hasNoUsage(summary)) {
    return "no usage";
  }
  const { today, month } = summary;
  switch (metric) {
    case "cost":
      return figures.shortCost(today.totalCost, today.unpricedTokens);
    case "tokens":
      return figures.tokens(today.totalTokens);
    case "credits":
      return figures.credits(today.credits);
    case "month":
      return figures.shortCost(month.totalCost, month.unpricedTokens);
  }
}

function spoken(state: State): string {
  const said = [state.summary === null ? text.APP : glance(state.summary), note(state)];
  return said.filter((part) => part !== "").join(". ");
}

function glance(summary: Summary): string {
  if (hasNoUsage(summary)) {
    return `${text.APP}: ${text.NO_USAGE}`;
  }
  const { today, month } = summary;
  const day = isEmpty(today) ? text.NOTHING_TODAY : usageOf(today);
  const soFar = figures.cost(month.totalCost, month.unpricedTokens);
  return `${text.APP}: ${text.TODAY}: ${day}. ${text.month(month.key)}: ${soFar}`;
}
