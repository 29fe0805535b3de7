// Figures as people read them. The same words as on the program's other surfaces.

const THOUSAND = 1_000;
const UNITS: readonly (readonly [size: number, letter: string])[] = [
  [1e3, "k"],
  [1e6, "M"],
  [1e9, "B"],
  [1e12, "T"],
];
const BARS = "▁▂▃▄▅▆▇█";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dollars = rounding({ style: "currency", currency: "USD" });
/** Returns an amount to one decimal: `1,234.5`. */
export const tenths = rounding({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredths = rounding({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = rounding({ maximumFractionDigits: 0 });

/** Returns an amount as `$1,234.56`; one that would round away as `<$0.01`. */
export function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? "<$0.01" : dollars(usd);
}

/** Returns a count as `77`, `45.1k`, `3.2M`, `1.0B`. */
export function shortNumber(count: number): string {
  if (count < THOUSAND) {
    return String(count);
  }
  for (const [size, letter] of UNITS) {
    // Decided after rounding: 999,960 is 1.0M, not 1000.0k.
    const inTenths = Math.floor((count * 10 + size / 2) / size);
    if (inTenths < THOUSAND * 10) {
      return `${(inTenths / 10).toFixed(1)}${letter}`;
    }
  }
  return `${whole(count / 1e12)}T`;
}

/** Returns `1 file`, `2 files`, `45.1k files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${shortNumber(count)} ${count === 1 ? one : many}`;
}

/** Returns a token count with its unit. */
export function tokens(count: number): string {
  return plural(count, "token");
}

/** Returns a token count with all its digits. */
export function everyDigit(count: number): string {
  return whole(count);
}

/** Returns an amount of Amp's credits with its unit. */
export function credits(amount: number): string {
  return amount > 0 && amount < 0.1 ? "<0.1 credits" : `${tenths(amount)} credits`;
}

/** Returns a cost; tokens without a known price are named, so that they never look free. */
export function cost(usd: number, unpricedTokens: number): string {
  if (unpricedTokens === 0) {
    return money(usd);
  }
  const noun = unpricedTokens === 1 ? "token" : "tokens";
  return `${money(usd)} + ${shortNumber(unpricedTokens)} unpriced ${noun}`;
}

/** Returns a cost where there is little room: `$1.20 +?` is without tokens of unknown price. */
export function shortCost(usd: number, unpricedTokens: number): string {
  return money(usd) + (unpricedTokens === 0 ? "" : " +?");
}

/** Returns an amount of a budget's unit; one that this version does not know with its name. */
export function amount(value: number, unit: string): string {
  switch (unit.toLowerCase()) {
    case "usd":
      return money(value);
    case "credits":
      return `${hundredths(value)} credits`;
    case "tokens":
      return tokens(value);
    default:
      return `${hundredths(value)} ${unit}`;
  }
}

/** Returns a share as `96%`. */
export function percent(share: number): string {
  return `${whole(share * 100)}%`;
}

/** Returns one bar a value; only a value of zero gets the lowest bar. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(0, ...values);
  const steps = BARS.length - 1;
  return values
    .map((value) => BARS[value > 0 ? Math.max(1, Math.floor((value / top) * steps)) : 0] ?? "")
    .join("");
}

/** Returns the month's English name for a key `YYYY-MM`, nothing for any other text. */
export function monthName(key: string): string | undefined {
  const found = /^\d{4}-(0[1-9]|1[0-2])$/.exec(key);
  if (found === null) {
    return undefined;
  }
  return new Date(`${key}-01T00:00:00Z`).toLocaleString("en-US", { month: "long", timeZone: "UTC" });
}

/** Returns the age of an instant; one in the future counts as now. */
export function ago(then: Date, now: Date): string {
  const age = now.getTime() - then.getTime();
  if (age < MINUTE) {
    return "just now";
  }
  if (age < HOUR) {
    return `${Math.floor(age / MINUTE)} min ago`;
  }
  return age < DAY
    ? `${plural(Math.floor(age / HOUR), "hour")} ago`
    : `${plural(Math.floor(age / DAY), "day")} ago`;
}

/** Returns a writer of numbers that rounds halves up, by the digits that the number shows. */
function rounding(options: Intl.NumberFormatOptions): (value: number) => string {
  const format = new Intl.NumberFormat("en-US", options);
  // As a text it is taken digit by digit: 1.005 is what the service sent, and not a bit less.
  return (value) => format.format(String(value) as Intl.StringNumericLiteral);
}
