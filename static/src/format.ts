/** Numbers as people read them (U+2212, thousands separators), in the language of the page. */
import { type Language, language } from "./text/text.ts";

export { NBSP, TIMES } from "./text/parts.ts";
const MINUS = "\u2212";
/**
 * In German and Spanish commas are decimal. Thousands are parted by narrow spaces there, as their standards ask: a point that
 * parts thousands could not be told from the decimal point of code.
 */
const LOCALES: Readonly<Record<Language, readonly [tag: string, decimalComma: boolean]>> = {
  en: ["en-US", false], de: ["de-DE", true], es: ["es-ES", true],
};

const formats = new Map<string, Intl.NumberFormat>();

function formatFor(tag: string, places: number): Intl.NumberFormat {
  const key = `${tag} ${places}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(tag, { maximumFractionDigits: places });
    formats.set(key, format);
  }
  return format;
}

/** For the screen: −1,525.25. At most `places` decimals; a value that rounds to 0 has no sign. */
export function formatNumber(v: number, places = 2): string {
  if (Number.isNaN(v)) return "NaN";
  const [tag, decimalComma] = LOCALES[language()];
  const printed = formatFor(tag, places).format(Math.abs(v));
  const digits = decimalComma ? printed.replaceAll(".", "\u202f") : printed;
  return v < 0 && digits !== "0" ? MINUS + digits : digits;
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
  if (LOCALES[language()][1] && /^\d*,\d*$/.test(digits)) return digits.replace(",", ".");
  if (/^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(digits)) return digits.replaceAll(",", "");
  if (/^\d*,\d*$/.test(digits)) return digits.replace(",", ".");
  if (/^[1-9]\d{0,2}(\.\d{3})+,\d*$/.test(digits)) return digits.replaceAll(".", "").replace(",", ".");
  return null;
}
