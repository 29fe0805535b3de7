// What every row of a document counts: tokens of four kinds, credits and cost.

import type { Members } from "./shape";

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheCreationTokens: number;
  readonly cacheReadTokens: number;
  /** The sum of the four. */
  readonly totalTokens: number;
  /** Amp's unit as recorded; 0 when nothing was recorded. */
  readonly credits: number;
  /** Estimate in USD, without the unpriced tokens. */
  readonly totalCost: number;
  /** Tokens of models without a known price; they are not free. */
  readonly unpricedTokens: number;
}

export interface ModelUsage extends Usage {
  readonly model: string;
}

export function readUsage(from: Members): Usage {
  return {
    inputTokens: from.number("inputTokens"),
    outputTokens: from.number("outputTokens"),
    cacheCreationTokens: from.number("cacheCreationTokens"),
    cacheReadTokens: from.number("cacheReadTokens"),
    totalTokens: from.number("totalTokens"),
    credits: from.number("credits"),
    totalCost: from.number("totalCost"),
    unpricedTokens: from.number("unpricedTokens"),
  };
}

export function readModel(from: Members): ModelUsage {
  return { model: from.text("model"), ...readUsage(from) };
}

/** Tells whether nothing at all was used. */
export function isEmpty(usage: Usage): boolean {
  return usage.totalTokens === 0 && usage.totalCost === 0 && usage.credits === 0;
}
