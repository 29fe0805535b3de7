// Says figures and texts as this extension words them, for a comparison with the program's own:
// reads `[[NAME, ARGUMENTS], …]`, prints what each comes to.

import { readFileSync } from "node:fs";

import { usageOf } from "../src/view/bar";
import * as figures from "../src/words/figures";
import * as text from "../src/words/text";

type Row = Parameters<typeof usageOf>[0];

const says: Readonly<Record<string, (...given: never[]) => string>> = {
  "money": figures.money,
  "credits": figures.credits,
  "cost": (row: Row) => figures.cost(row.totalCost, row.unpricedTokens),
  "usage": usageOf,
  "short-number": figures.shortNumber,
  "tokens": figures.tokens,
  "ago": (then: string, now: number) => figures.ago(new Date(then), new Date(now * 1000)),
  "clean": text.clean,
};

const cases = JSON.parse(readFileSync(0, "utf8")) as [string, never[]][];
console.log(JSON.stringify(cases.map(([name, given]) => says[name]?.(...given) ?? null)));
