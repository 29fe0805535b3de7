// The extension's sentences, and user text made harmless.

import { ago, monthName, plural, shortNumber } from "./figures";

export const APP = "amp-tray";
export const TODAY = "Today";
export const UNTITLED = "Untitled thread";
export const NO_USAGE = "No usage found yet";
export const NOTHING_TODAY = "nothing yet";
export const CONNECTING = "Connecting to the service…";
export const STARTING = "Reading threads…";
export const OFFLINE = "No connection to the service, trying again";
export const PAUSED = "Paused: new usage is not read";
export const NOT_RECORDED = "not recorded";
/** Said where the newest usage is old: the likeliest reason. */
export const SERVER_THREADS = "Amp keeps new threads on its servers since April 2026";

const LIMIT = 60;
const NAMES_SHOWN = 2;
// Escape sequences go whole, so that no harmless-looking rest such as `[31m` stays: strings up to
// their end, then control sequences, then escapes of two characters.
const ESCAPES =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g;
// Controls, format characters (bidi overrides, zero width), lone surrogates, private use,
// separators of lines. The joiner of emoji and of several scripts stays.
const HIDDEN = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Returns user text as one harmless line of bounded length. */
export function clean(text: string, limit = LIMIT): string {
  const head = text.slice(0, limit * 8).replace(ESCAPES, "").replace(/[\s\x1c-\x1f\x85]/gu, " ").replace(HIDDEN, "");
  const letters = Array.from(head.replace(/ +/g, " ").trim());
  return letters.length <= limit ? letters.join("") : `${letters.slice(0, limit - 1).join("").trimEnd()}…`;
}

/** Returns a thread's title. */
export function title(value: string): string {
  return clean(value) || UNTITLED;
}

/** Returns the month's name for a key `YYYY-MM`, any other key as it is. */
export function month(key: string): string {
  return monthName(key) ?? clean(key);
}

/** Returns a model's name for narrow places: no provider, no date, no `claude-`. */
export function shortModel(model: string): string {
  const name = clean(model)
    .replace(/^.*\//, "")
    .replace(/^(?:[a-z]+\.){1,2}(?=[a-z])/i, "")
    .replace(/-v\d+(?::\d+)?$|@default$|[:@]latest$/, "")
    .replace(/[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2})$/, "")
    .replace(/^claude-/, "");
  return name || clean(model) || "?";
}

/** Returns names in one line: the first ones and how many more there are. */
export function names(values: readonly string[]): string {
  const rest = values.length - NAMES_SHOWN;
  return values.slice(0, NAMES_SHOWN).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** Tells how old the newest usage is. */
export function newestUsage(then: Date, now: Date): string {
  return `Newest usage: ${ago(then, now)}`;
}

/** Warns of figures that may be out of date. */
export function figuresFrom(then: Date, now: Date): string {
  return `Figures may be out of date: last read ${ago(then, now)}`;
}

/** Counts files that could not be read. */
export function unreadable(files: number): string {
  return `${plural(files, "file")} could not be read`;
}

/** Names models without a known price, with their tokens. */
export function unpricedModels(models: readonly { model: string; tokens: number }[]): string {
  const shown = models.map(({ model, tokens }) => {
    const noun = tokens === 1 ? "token" : "tokens";
    return `${clean(model, 30) || "?"} (${shortNumber(tokens)} ${noun})`;
  });
  return `Unpriced: ${names(shown)}`;
}
