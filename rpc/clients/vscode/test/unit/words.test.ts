import assert from "node:assert/strict";
import test from "node:test";

import * as figures from "../../src/words/figures";
import { escape, table } from "../../src/words/markdown";
import * as text from "../../src/words/text";
import { HOSTILE } from "./samples";

const NOW = new Date("2026-11-22T12:00:00Z");

test("money", () => {
  const cases: [number, string][] = [
    [0, "$0.00"],
    [0.004, "<$0.01"],
    [1.005, "$1.01"], // as its digits say, whatever its bits are
    [1.115, "$1.12"],
    [1234.5, "$1,234.50"],
    [1e-7, "<$0.01"],
  ];
  for (const [usd, shown] of cases) {
    assert.equal(figures.money(usd), shown);
  }
});

test("short numbers", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1.0k"],
    [1050, "1.1k"],
    [45_123, "45.1k"],
    [999_949, "999.9k"],
    [999_960, "1.0M"],
    [3_210_000, "3.2M"],
    [1e9, "1.0B"],
    [1e12, "1.0T"],
    [5e15, "5,000T"],
  ];
  for (const [count, shown] of cases) {
    assert.equal(figures.shortNumber(count), shown);
  }
});

test("what has no price is marked and never free", () => {
  assert.equal(figures.cost(1.2, 0), "$1.20");
  assert.equal(figures.cost(0, 1), "$0.00 + 1 unpriced token");
  assert.equal(figures.shortCost(1.2, 2757), "$1.20 +?");
});

test("amounts of budgets", () => {
  assert.equal(figures.amount(2, "usd"), "$2.00");
  assert.equal(figures.amount(1500, "tokens"), "1.5k tokens");
  assert.equal(figures.amount(12.345, "credits"), "12.35 credits");
  assert.equal(figures.amount(1, "euro"), "1.00 euro");
  assert.equal(figures.percent(0.956), "96%");
});

test("ages", () => {
  const ages: [number, string][] = [
    [-5, "just now"],
    [59, "just now"],
    [180, "3 min ago"],
    [3600, "1 hour ago"],
    [7200, "2 hours ago"],
    [86_400 * 9, "9 days ago"],
  ];
  for (const [seconds, shown] of ages) {
    assert.equal(figures.ago(new Date(NOW.getTime() - seconds * 1000), NOW), shown);
  }
});

test("sparklines", () => {
  assert.equal(figures.sparkline([0, 0.01, 1, 2]), "▁▂▄█");
  assert.equal(figures.sparkline([]), "");
});

test("months", () => {
  assert.equal(text.month("2026-11"), "November");
  assert.equal(text.month("2026-13"), "2026-13");
});

test("user text becomes one harmless line", () => {
  assert.equal(text.clean("a\n\tb\u202e c\u0007\u200b"), "a b c");
  assert.equal(text.clean("x".repeat(100), 10), `${"x".repeat(9)}…`);
  assert.equal(text.clean("👩‍👩‍👧 family"), "👩‍👩‍👧 family");
  assert.equal(text.clean("\ud800 lone"), "lone");
  assert.equal(text.title(" \n "), text.UNTITLED);
});

test("model names are short where that names them still", () => {
  const cases: [string, string][] = [
    ["claude-opus-4-5-20251101", "opus-4-5"],
    ["us.anthropic.claude-opus-4-5-20251101-v1:0", "opus-4-5"],
    ["accounts/fireworks/models/glm-4p6", "glm-4p6"],
    ["gpt-5.2", "gpt-5.2"],
    ["claude-", "claude-"],
  ];
  for (const [model, short] of cases) {
    assert.equal(text.shortModel(model), short);
  }
});

test("unpriced models are named", () => {
  const models = [{ model: "a", tokens: 77 }, { model: "b", tokens: 1 }, { model: "c", tokens: 2 }];
  assert.equal(text.unpricedModels(models), "Unpriced: a (77 tokens), b (1 token) and 1 more");
});

test("no character of Markdown is left alone", () => {
  const escaped = escape(HOSTILE);
  assert.equal(escaped.replace(/\\(.)/g, "$1"), HOSTILE);
  assert.doesNotMatch(escaped.replace(/\\./g, ""), /[!-/:-@[-`{-~]/);
});

test("a table has a rule below its head", () => {
  assert.equal(table(["a", "b"], [["c", "d"]]), "| a | b |\n| :-- | --: |\n| c | d |");
});
