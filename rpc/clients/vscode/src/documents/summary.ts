// The `usage.summary` document. Members that this version does not know are ignored, so that a
// newer service can be read; figures of a wrong shape are refused.

import { readSession, type Session } from "./sessions";
import { Members } from "./shape";
import { isEmpty, type ModelUsage, readModel, readUsage, type Usage } from "./usage";

/** A day or a month. */
export interface Period extends Usage {
  /** `YYYY-MM-DD` or `YYYY-MM`, in the service's zone. */
  readonly key: string;
  /** The dearest ones, at most ten. */
  readonly threads: readonly Session[];
  readonly models: readonly ModelUsage[];
}

export interface Budget {
  /** `daily`, `weekly` or `monthly`. */
  readonly period: string;
  /** `usd`, `tokens` or `credits`. */
  readonly unit: string;
  readonly used: number;
  readonly limit: number;
  /** Used ÷ limit. */
  readonly share: number;
  /** `ok`, `near` or `over`. */
  readonly level: string;
}

export interface Summary {
  readonly today: Period;
  readonly month: Period;
  /** USD a day, oldest first, today last. */
  readonly last7Days: readonly number[];
  /** USD an hour, over the last one. */
  readonly burnRate: number;
  /** The month's expected cost in USD, null when it cannot be told. */
  readonly projection: number | null;
  readonly budgets: readonly Budget[];
  readonly newestEventAt: Date | null;
  /** The service has not been able to look at the threads lately. */
  readonly stale: boolean;
  readonly paused: boolean;
  /** Number of files that could not be read. */
  readonly diagnostics: number;
  readonly unpricedModels: readonly { readonly model: string; readonly tokens: number }[];
  readonly revision: number;
  readonly generatedAt: Date | null;
}

export function readSummary(document: unknown): Summary {
  const from = Members.of(document, "usage.summary");
  return {
    today: readPeriod(from.object("today")),
    month: readPeriod(from.object("month")),
    last7Days: from.list("last7Days", (day) => day.number("totalCost")),
    burnRate: from.optionalNumber("burnRate") ?? 0,
    projection: from.optionalNumber("projection"),
    budgets: from.list("budgets", readBudget),
    newestEventAt: from.optionalInstant("newestEventAt"),
    stale: from.flag("stale"),
    paused: from.flag("paused"),
    diagnostics: from.number("diagnostics"),
    unpricedModels: from.list("unpricedModels", (row) => ({
      model: row.text("model"),
      tokens: row.number("tokens"),
    })),
    revision: from.number("revision"),
    generatedAt: from.optionalInstant("generatedAt"),
  };
}

/** Tells whether no usage has been found at all. */
export function hasNoUsage(summary: Summary): boolean {
  return summary.newestEventAt === null && isEmpty(summary.today) && isEmpty(summary.month);
}

function readPeriod(from: Members): Period {
  return {
    key: from.text("key"),
    threads: from.list("threads", readSession),
    models: from.list("models", readModel),
    ...readUsage(from),
  };
}

function readBudget(from: Members): Budget {
  return {
    period: from.text("period"),
    unit: from.text("unit"),
    used: from.number("used"),
    limit: from.number("limit"),
    share: from.number("share"),
    level: from.text("level"),
  };
}
