/** Numbers as people read them (U+2212, thousands separators). */

export const NBSP = "\u00a0";
export const TIMES = "\u00d7";
const MINUS = "\u2212";

const formats = new Map<number, Intl.NumberFormat>();

function formatFor(places: number): Intl.NumberFormat {
  let format = formats.get(places);
  if (!format) {
    format = new Intl.NumberFormat("en-US", { maximumFractionDigits: places });
    formats.set(places, format);
  }
  return format;
}

/** For the screen: −1,525.25. At most `places` decimals; a value that rounds to 0 has no sign. */
export function formatNumber(v: number, places = 2): string {
  if (Number.isNaN(v)) return "NaN";
  const digits = formatFor(places).format(Math.abs(v));
  return v < 0 && digits !== "0" ? MINUS + digits : digits;
}

/** An index: −1, 1023. No thousands separators, as in code. */
export function formatIndex(index: number): string {
  return index < 0 ? MINUS + String(-index) : String(index);
}

/**
 * What a person typed or pasted, or null. Takes either minus, an exponent, spaces between thousands, and a
 * decimal point or comma. One comma is ambiguous: "1,500" is how we print 1500 and is read as that; "1,5" and
 * "0,125" cannot be thousands and are decimals.
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
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) return digits.replaceAll(",", "");
  if (/^\d*,\d*$/.test(digits)) return digits.replace(",", ".");
  if (/^[1-9]\d{0,2}(\.\d{3})+,\d*$/.test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  return null;
}
