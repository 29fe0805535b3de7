// The tooltip as Markdown: the day and the month, budgets, models, threads, and how fresh it is.

import { type Budget, hasNoUsage, type Summary } from "../documents/summary";
import { isEmpty, type Usage } from "../documents/usage";
import * as figures from "../words/figures";
import { escape, table } from "../words/markdown";
import * as text from "../words/text";
import { note, type State } from "./state";

const ROWS = 5;
const TITLE = 48;
/** Age of the newest usage from which it is told where new threads may be. */
const OLD_USAGE = 7 * 24 * 60 * 60_000;
const SPANS: Readonly<Record<string, string>> = { daily: "Day", weekly: "Week", monthly: "Month" };
const LEVELS: Readonly<Record<string, string>> = { near: ", nearly used up", over: ", used up" };

export function tooltipOf(state: State, now: Date): string {
  const { summary } = state;
  return [...(summary === null ? [] : figuresOf(summary)), ...freshness(state, now).map((line) => `_${escape(line)}_`)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function figuresOf(summary: Summary): string[] {
  if (hasNoUsage(summary)) {
    return [`**${text.NO_USAGE}**`];
  }
  return [usage(summary), week(summary), summary.budgets.map(budgetLine).join("  \n")];
}

/** One table, so that all figures stand below each other. */
function usage({ today, month, projection }: Summary): string {
  const hasCredits = today.credits !== 0 || month.credits !== 0;
  const row = (name: string, used: Usage) => [
    name,
    wide(isEmpty(used) ? text.NOTHING_TODAY : figures.cost(used.totalCost, used.unpricedTokens)),
    wide(figures.shortNumber(used.totalTokens)),
    ...(hasCredits ? [wide(used.credits === 0 ? "" : figures.tenths(used.credits))] : []),
  ];
  const bold = (name: string) => `**${escape(name)}**`;
  const section = <T extends Usage>(name: string, rows: readonly T[], nameOf: (row: T) => string) => [
    ...(rows.length === 0 ? [] : [[bold(name)]]),
    ...rows.slice(0, ROWS).map((used) => row(escape(nameOf(used)), used)),
    ...(rows.length > ROWS ? [[`and ${rows.length - ROWS} more`]] : []),
  ];
  const name = text.month(month.key) + (projection === null ? "" : ` (projected ${figures.money(projection)})`);
  const head = ["", wide("Cost"), wide("Tokens"), ...(hasCredits ? [wide("Credits")] : [])];
  return table(head, [
    row(bold(text.TODAY), today),
    row(bold(name), month),
    ...section("Models today", today.models, (used) => text.shortModel(used.model)),
    ...section("Threads today", today.threads, (used) => text.clean(used.title, TITLE) || text.UNTITLED),
  ]);
}

/** Keeps a figure away from the one before it: the editor sets columns closely. */
function wide(figure: string): string {
  return `&nbsp;&nbsp;${escape(figure)}`;
}

function week({ last7Days, burnRate }: Summary): string {
  const total = last7Days.reduce((sum, cost) => sum + cost, 0);
  // Days of unpriced tokens alone cost nothing that is known: better no sum than $0.00.
  const sum = total === 0 ? "" : ` · ${figures.money(total)}`;
  const rate = burnRate === 0 ? "" : ` · last hour ${figures.money(burnRate)}`;
  return last7Days.length === 0 ? "" : escape(`Last 7 days ${figures.sparkline(last7Days)}${sum}${rate}`);
}

function budgetLine(budget: Budget): string {
  const [used, limit] = [budget.used, budget.limit].map((value) => figures.amount(value, budget.unit));
  const span = SPANS[budget.period] ?? budget.period;
  const line = `${span}'s budget: ${figures.percent(budget.share)}, ${used ?? ""} of ${limit ?? ""}`;
  const mark = LEVELS[budget.level] ?? "";
  return mark === "" ? escape(text.clean(line)) : `**${escape(text.clean(line + mark, 2 * TITLE))}**`;
}

function freshness(state: State, now: Date): string[] {
  const { summary, standing } = state;
  const lines = [note(state)].filter((line) => line !== "");
  if (summary === null) {
    return lines;
  }
  const { generatedAt, newestEventAt, diagnostics, unpricedModels } = summary;
  if ((summary.stale || standing.phase === "offline") && generatedAt !== null) {
    lines.push(text.figuresFrom(generatedAt, now));
  }
  if (newestEventAt !== null) {
    lines.push(text.newestUsage(newestEventAt, now));
  }
  if (newestEventAt === null || now.getTime() - newestEventAt.getTime() > OLD_USAGE) {
    lines.push(text.SERVER_THREADS);
  }
  if (diagnostics !== 0) {
    lines.push(text.unreadable(diagnostics));
  }
  if (unpricedModels.length !== 0) {
    lines.push(text.unpricedModels(unpricedModels));
  }
  return lines;
}
