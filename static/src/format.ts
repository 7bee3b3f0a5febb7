/** Numbers as people read them (U+2212, thousands separators), in the language of the page. */
import { type Language, language } from "./text/text.ts";

export { NBSP, TIMES } from "./text/parts.ts";
const MINUS = "\u2212";
/**
 * In German and Spanish commas are decimal. Thousands are parted by narrow spaces there, as their standards ask: a point that
 * parts thousands could not be told from the decimal point of code. Spanish does not part four digits.
 */
const WRITTEN: Readonly<Record<Language, { readonly decimal: string; readonly thousands: string; readonly partsFrom: number }>> = {
  en: { decimal: ".", thousands: ",", partsFrom: 4 },
  de: { decimal: ",", thousands: "\u202f", partsFrom: 4 },
  es: { decimal: ",", thousands: "\u202f", partsFrom: 5 },
};

/** For the screen: −1,525.25. At most `places` decimals; a value that rounds to 0 has no sign. */
export function formatNumber(v: number, places = 2): string {
  if (Number.isNaN(v)) return "NaN";
  const { decimal, thousands, partsFrom } = WRITTEN[language()];
  const [whole, fraction] = Number.isFinite(v) ? rounded(Math.abs(v), places) : ["∞", ""];
  const parted = whole.length < partsFrom ? whole : whole.replace(/\B(?=(\d{3})+$)/g, thousands);
  const digits = fraction === "" ? parted : parted + decimal + fraction;
  return v < 0 && digits !== "0" ? MINUS + digits : digits;
}

/**
 * Digits before and after the point, of a number that is not negative: its shortest decimal, rounded half up. As Intl has it, whose
 * first use costs a phone a tenth of a second.
 */
function rounded(v: number, places: number): [whole: string, fraction: string] {
  const [before, after] = plain(v);
  if (after.length <= places) return [before, after];
  const kept = before + after.slice(0, places);
  const digits = (after[places] ?? "0") < "5" ? kept : oneMore(kept);
  const whole = digits.length - places;
  let end = digits.length;
  while (end > whole && digits[end - 1] === "0") end--;
  return [digits.slice(0, whole), digits.slice(whole, end)];
}

/** Without an exponent. */
function plain(v: number): [before: string, after: string] {
  const [mantissa = "", power] = String(v).split("e");
  const [before = "", after = ""] = mantissa.split(".");
  if (power === undefined) return [before, after];
  const point = before.length + Number(power);
  const digits = before + after;
  return point > 0 ? [digits.padEnd(point, "0"), ""] : ["0", "0".repeat(-point) + digits];
}

/** "199" is "200", "99" is "100". */
function oneMore(digits: string): string {
  let at = digits.length - 1;
  while (digits[at] === "9") at--;
  const nines = "0".repeat(digits.length - 1 - at);
  return at < 0 ? `1${nines}` : digits.slice(0, at) + String(Number(digits[at]) + 1) + nines;
}

/** An index: −1, 1023. No thousands separators, as in code. */
export function formatIndex(index: number): string {
  return index < 0 ? MINUS + String(-index) : String(index);
}

/**
 * What a person typed or pasted, or null. Takes either minus, an exponent, spaces between thousands, and a
 * decimal point or comma. One comma is ambiguous: "1,500" is how English prints 1500, and is read as that where the page
 * is English; "1,5" and "0,125" cannot be thousands and are decimals.
 */
export function parseNumber(text: string): number | null {
  const tidy = text
    .trim()
    .replaceAll(MINUS, "-")
    .replace(/(\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "$1");
  const parts = /^([+-]?)([\d.,]+)(e[+-]?\d+)?$/i.exec(tidy);
  if (!parts) return null;
  const [, sign = "", digits = "", exponent = ""] = parts;
  const decimal = withDecimalPoint(digits);
  if (decimal === null) return null;
  const value = Number(sign + decimal + exponent);
  return Number.isFinite(value) ? value + 0 : null;
}

function withDecimalPoint(digits: string): string | null {
  if (!/\d/.test(digits)) return null;
  if (/^\d*\.?\d*$/.test(digits)) return digits;
  if (WRITTEN[language()].decimal === "," && /^\d*,\d*$/.test(digits)) return digits.replace(",", ".");
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) return digits.replaceAll(",", "");
  if (/^\d*,\d*$/.test(digits)) return digits.replace(",", ".");
  if (/^[1-9]\d{0,2}(\.\d{3})+,\d*$/.test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  return null;
}
