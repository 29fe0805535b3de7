// Documents as the service sends them; a test names only what it is about.

const USAGE = {
  inputTokens: 10,
  outputTokens: 100,
  cacheCreationTokens: 1_000,
  cacheReadTokens: 5_000,
  totalTokens: 6_110,
  credits: 0,
  totalCost: 1.1,
  unpricedTokens: 0,
};
const NOTHING = Object.fromEntries(Object.keys(USAGE).map((name) => [name, 0]));

export const NOW = new Date("2026-11-22T12:00:00Z");
export const HOSTILE = "[x](command:evil) <img src=x> `$(flame)` | https://evil.example | ![](http://x/y.png)";

type Document = Readonly<Record<string, unknown>>;

export function model(name: string, given: Document = {}): Document {
  return { model: name, ...USAGE, ...given };
}

export function session(id: string, given: Document = {}): Document {
  return {
    sessionId: id,
    title: `Thread ${id}`,
    project: "webshop",
    firstActivity: "2026-11-22",
    lastActivity: "2026-11-22",
    lastActivityAt: "2026-11-22T11:57:00.000Z",
    source: "amp",
    modelsUsed: ["claude-opus-4-5-20251101"],
    modelBreakdowns: [],
    ...USAGE,
    ...given,
  };
}

export function summary(given: Document = {}, today: Document = {}): Document {
  const rows = { threads: [session("T-1")], models: [model("claude-opus-4-5-20251101")], projects: [] };
  return {
    today: { key: "2026-11-22", ...USAGE, ...rows, ...today },
    month: { key: "2026-11", ...USAGE, totalCost: 210.02, ...rows },
    last7Days: [0, 0, 1, 0, 2, 0, 1.1].map((totalCost, day) => ({ date: `2026-11-${16 + day}`, totalCost })),
    burnRate: 0.5,
    projection: 301.5,
    budgets: [],
    balance: null,
    newestEventAt: "2026-11-22T11:57:00.000Z",
    stale: false,
    paused: false,
    diagnostics: 0,
    unpricedModels: [],
    revision: 7,
    generatedAt: "2026-11-22T11:59:59.000Z",
    timezone: "UTC",
    ...given,
  };
}

export function noUsage(): Document {
  const nothing = { ...NOTHING, threads: [], models: [], projects: [] };
  return summary({ month: { key: "2026-11", ...nothing }, newestEventAt: null, projection: null }, nothing);
}

export function budget(given: Document = {}): Document {
  const figures = { limit: 2, used: 1.92, share: 0.96, level: "near" };
  return { period: "daily", unit: "usd", key: "2026-11-22", ...figures, ...given };
}

export function thread(given: Document = {}): Document {
  return {
    sessionId: "T-1",
    title: "Thread T-1",
    project: "webshop",
    source: "amp",
    url: "https://ampcode.com/threads/T-1",
    firstActivityAt: "2026-11-22T09:00:00.000Z",
    lastActivityAt: "2026-11-22T11:57:00.000Z",
    ...USAGE,
    models: [model("claude-opus-4-5-20251101"), model("gpt-5.2", { totalCost: 0, unpricedTokens: 77 })],
    hours: [],
    subThreads: [],
    revision: 7,
    generatedAt: "2026-11-22T11:59:59.000Z",
    timezone: "UTC",
    ...given,
  };
}
