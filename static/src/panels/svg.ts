/** Small hands for writing SVG. Pure: numbers and text in, markup out. */

export type Attributes = Readonly<Record<string, string | number>>;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
export const escaped = (words: string): string => words.replace(/[&<>"]/g, (one) => ESCAPES[one] ?? one);

const spelled = (value: string | number): string => (typeof value === "number" ? String(Math.round(value * 100) / 100) : escaped(value));

/** `content` is markup already. */
export function tag(name: string, attributes: Attributes, content: readonly string[] | string = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${spelled(value)}"`).join("");
  const inside = typeof content === "string" ? content : content.join("");
  return inside === "" ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

export function words(said: string, x: number, y: number, size: number, attributes: Attributes = {}): string {
  return tag("text", { x, y, "font-size": size, ...attributes }, escaped(said));
}

export const rect = (x: number, y: number, width: number, height: number, attributes: Attributes): string => tag("rect", { x, y, width, height, ...attributes });
export const line = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes): string => tag("line", { x1, y1, x2, y2, ...attributes });

/** Lines of at most so many letters; a longer word has one of its own. */
export function wrapped(said: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of said.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
