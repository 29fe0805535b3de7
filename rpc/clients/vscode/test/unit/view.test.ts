import assert from "node:assert/strict";
import test from "node:test";

import { readSessions } from "../../src/documents/sessions";
import { DocumentError } from "../../src/documents/shape";
import { readFolders } from "../../src/documents/status";
import { readSummary } from "../../src/documents/summary";
import { readThread } from "../../src/documents/thread";
import { barOf } from "../../src/view/bar";
import { sessionRows, threadRows } from "../../src/view/picks";
import type { State } from "../../src/view/state";
import { tooltipOf } from "../../src/view/tooltip";
import type { Phase } from "../../src/wire/follower";
import * as text from "../../src/words/text";
import { budget, HOSTILE, noUsage, NOW, session, summary, thread } from "./samples";

function state(document: unknown, phase: Phase = "connected", reason = ""): State {
  return {
    standing: { phase, version: "1", reason },
    summary: document === null ? null : readSummary(document),
  };
}

test("the item shows the figure that was asked for", () => {
  const known = state(summary({}, { credits: 45.1 }));
  assert.equal(barOf(known, "cost").text, "$(graph) $1.10");
  assert.equal(barOf(known, "tokens").text, "$(graph) 6.1k tokens");
  assert.equal(barOf(known, "credits").text, "$(graph) 45.1 credits");
  assert.equal(barOf(known, "month").text, "$(graph) $210.02");
});

test("the item's sign says how things are", () => {
  assert.equal(barOf(state(null, "connecting"), "cost").text, "$(sync~spin) amp-tray");
  assert.equal(barOf(state(null, "offline"), "cost").text, "$(debug-disconnect) amp-tray");
  assert.equal(barOf(state(summary(), "offline"), "cost").text, "$(debug-disconnect) $1.10");
  assert.equal(barOf(state(summary(), "starting"), "cost").text, "$(sync~spin) $1.10");
  assert.equal(barOf(state(summary({ paused: true })), "cost").text, "$(debug-pause) $1.10");
  assert.equal(barOf(state(summary({ stale: true })), "cost").text, "$(history) $1.10");
  assert.equal(barOf(state(noUsage()), "cost").text, "$(graph) no usage");
  assert.equal(barOf(state(summary({}, { unpricedTokens: 7 })), "cost").text, "$(graph) $1.10 +?");
});

test("the item is coloured by the budget that is nearest to its end", () => {
  const levels = (...found: string[]) =>
    barOf(state(summary({ budgets: found.map((level) => budget({ level })) })), "cost").level;
  assert.equal(levels(), "ok");
  assert.equal(levels("ok", "near"), "near");
  assert.equal(levels("near", "over", "ok"), "over");
});

test("screen readers hear the day, the month and what is wrong", () => {
  assert.equal(
    barOf(state(summary(), "offline"), "cost").spoken,
    "amp-tray: Today: $1.10 · 6.1k tokens. November: $210.02. No connection to the service, trying again",
  );
});

test("the tooltip tells the day, the month, budgets, models and threads", () => {
  const shown = plainly(tooltipOf(state(summary({ budgets: [budget()] })), NOW));
  for (const part of [
    "| **Today** | $1.10 | 6.1k |",
    "| **November (projected $301.50)** | $210.02 | 6.1k |",
    "Last 7 days ▁▁▄▁█▁▄ · $4.10 · last hour $0.50",
    "**Day's budget: 96%, $1.92 of $2.00, nearly used up**",
    "| **Models today** |\n| opus-4-5 | $1.10 | 6.1k |",
    "| **Threads today** |\n| Thread T-1 | $1.10 | 6.1k |",
    "_Newest usage: 3 min ago_",
  ]) {
    assert.ok(shown.includes(part), `${part} is not in\n${shown}`);
  }
  assert.ok(!shown.includes("Figures may be out of date"));
  assert.ok(!shown.includes("Credits"));
  assert.ok(!shown.includes("__"));
});

test("the tooltip shows credits where there are any", () => {
  const shown = plainly(tooltipOf(state(summary({}, { credits: 45.1 })), NOW));
  assert.ok(shown.includes("| **Today** | $1.10 | 6.1k | 45.1 |"), shown);
});

test("the tooltip warns of figures that do not move", () => {
  const lines = (document: unknown, phase: Phase, reason = "") => plainly(tooltipOf(state(document, phase, reason), NOW));
  const late = { generatedAt: "2026-11-22T10:00:00.000Z" };
  assert.match(lines(summary(late), "offline"), /_No connection to the service, trying again_[^]*last read 2 hours ago_/);
  assert.match(lines(summary({ ...late, stale: true }), "connected"), /out of date: last read 2 hours ago_/);
  assert.match(lines(summary({ paused: true }), "connected"), /_Paused: new usage is not read_/);
  assert.match(lines(null, "offline", "update the client"), /trying again: update the client_/);
  const old = { newestEventAt: "2026-11-01T00:00:00.000Z", diagnostics: 2, unpricedModels: [{ model: "x", tokens: 77 }] };
  assert.match(
    lines(summary(old), "connected"),
    /_Newest usage: 21 days ago_[^]*keeps new threads on its servers[^]*_2 files could not be read_[^]*_Unpriced: x \(77 tokens\)_/,
  );
  assert.match(lines(noUsage(), "connected"), new RegExp(text.NO_USAGE));
});

test("the tooltip stays short", () => {
  const threads = Array.from({ length: 9 }, (_, place) => session(`T-${place}`));
  assert.match(plainly(tooltipOf(state(summary({}, { threads })), NOW)), /\| Thread T-4 .*\n\| and 4 more \|/);
});

test("a hostile title in the tooltip is letters alone", () => {
  const shown = tooltipOf(state(summary({}, { threads: [session("T-1", { title: HOSTILE })] })), NOW);
  const row = shown.split("\n").find((line) => line.includes("evil")) ?? "";
  assert.match(row, /^\| \\\[x\\\]\\\(command\\:evil\\\)/);
  assert.equal(row.replace(/\\./g, "").split("|").length, 5); // the cells of its table, no more
});

test("sessions come newest first, below the days", () => {
  const rows = [
    session("T-1", { lastActivity: "2026-11-20", lastActivityAt: "2026-11-20T10:00:00.000Z" }),
    session("T-2"),
    session("T-3", { title: "", project: null, totalCost: 0, unpricedTokens: 9 }),
  ];
  const shown = sessionRows(readSessions({ sessions: rows }), "2026-11-22", NOW);
  assert.deepEqual(
    shown.map((row) => [row.id, row.label, row.description]),
    [
      [null, "Today", undefined],
      ["T-2", "Thread T-2", "$1.10 · 6.1k tokens"],
      ["T-3", text.UNTITLED, "$0.00 + 9 unpriced tokens · 6.1k tokens"],
      [null, "2026-11-20", undefined],
      ["T-1", "Thread T-1", "$1.10 · 6.1k tokens"],
    ],
  );
  assert.equal(shown[1]?.detail, "webshop · opus-4-5 · 3 min ago");
});

test("a thread tells its tokens by kind, its models and what can be done", () => {
  const rows = threadRows(readThread(thread({ subThreads: [{ threadId: "T-2" }], credits: 3 })), "file", NOW);
  assert.deepEqual(
    rows.filter((row) => row.id !== null).map((row) => row.id),
    ["open", "copy", "file"],
  );
  const told = rows.filter((row) => row.id === null && row.heading !== true);
  assert.deepEqual(Object.fromEntries(told.map((row) => [row.label, row.description])), {
    "Input": "10",
    "Output": "100",
    "Cache writes": "1,000",
    "Cache reads": "5,000",
    "Total": "6,110",
    "opus-4-5": "$1.10 · 6.1k tokens",
    "gpt-5.2": "$0.00 + 77 unpriced tokens · 6.1k tokens",
    "Cost": "$1.10",
    "Credits": "3.0 credits",
    "Project": "webshop",
    "First activity": "3 hours ago",
    "Last activity": "3 min ago",
    "Sub-threads": "1",
  });
});

test("only a web page is opened, and only a file that is there", () => {
  for (const url of ["command:evil", "file:///etc/passwd", "http://x", "javascript:1", "vscode://x", "no", null]) {
    const rows = threadRows(readThread(thread({ url })), null, NOW);
    assert.deepEqual(rows.filter((row) => row.id !== null).map((row) => row.id), ["copy"]);
  }
});

test("a hostile title in a pick draws no sign", () => {
  const [, row] = sessionRows(readSessions({ sessions: [session("T-1", { title: HOSTILE })] }), "2026-11-22", NOW);
  assert.ok(row?.label.includes("flame"));
  assert.ok(!(row?.label ?? "").includes("$("));
});

test("roots that exist hold the threads", () => {
  const roots = [
    { source: "amp", path: "/a", folder: "/a/threads", exists: true },
    { source: "amp", path: "/b", folder: "/b/threads", exists: false },
  ];
  assert.deepEqual(readFolders({ state: "ready", roots }), ["/a/threads"]);
});

test("a document of another shape is refused by the name of what is wrong", () => {
  const wrong: [unknown, RegExp][] = [
    [null, /usage\.summary is no object/],
    [[], /usage\.summary is no object/],
    [summary({ stale: "no" }), /usage\.summary\.stale is no boolean/],
    [summary({ generatedAt: "soon" }), /generatedAt is no instant/],
    [summary({}, { totalCost: "1.1" }), /usage\.summary\.today\.totalCost is no number/],
    [summary({}, { threads: {} }), /threads is no array/],
  ];
  for (const [document, message] of wrong) {
    assert.throws(() => readSummary(document), (error) => error instanceof DocumentError && message.test(error.message));
  }
  assert.doesNotThrow(() => readSummary(summary({ anotherMember: {} })));
});

/** Returns Markdown without the marks that keep its text plain. */
function plainly(markdown: string): string {
  return markdown.replace(/\\(.)/g, "$1").replaceAll("&nbsp;", "");
}
