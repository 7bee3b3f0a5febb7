import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { preferred } from "../../static/src/text/text.ts";
import { de } from "../../static/src/text/de/index.ts";
import { en as first } from "../../static/src/text/en/index.ts";
import { later } from "../../static/src/text/en/later.ts";
import { es } from "../../static/src/text/es/index.ts";
import { literals } from "./literals.ts";

const ROOT = new URL("../../static/src/", import.meta.url);
const sources = globSync("**/*.ts", { cwd: ROOT })
  .filter((file) => !file.startsWith("text/"))
  .map((file) => ({ file, source: readFileSync(new URL(file, ROOT), "utf8") }));
const html = readFileSync(new URL("../../templates/page.html", import.meta.url), "utf8");
const en = { ...first, ...later };

const TWO_WORDS = /\p{L}{2,}[^\p{L}]* [^\p{L}]*\p{L}{2,}/u;
/** Selectors and media queries, names of classes, keys that find an element again, fonts, and a line of a command. */
const NO_WORDS = /^[.#:[(]|[\]#.:=]|^(data-key|px )|^--/;
const CLASSES = /^(button|group|ribbon|term|token|weights|result|choice|numbers|small|quiet|icon|flat|number|only-phone|\$\{\}| |touched|guess)+$/;
const KEYS = /^(kernel (height|width)|use channel \$\{\}|weight \$\{\}|signed (dark|light)|input(\b.*), (select|textarea).*)$/;
/** What is thrown at developers, and what the server or the wire did wrong that no person is told in these words. */
const THROWN = /\bthrow new \w*Error\(|new (OfflineError|StreamCutError|RangeError|Error)\(/;

test("nothing that is said stands outside of the catalogue", () => {
  const found = sources.flatMap(({ file, source }) =>
    literals(source)
      .filter(({ text, line }) => TWO_WORDS.test(text) && !NO_WORDS.test(text) && !CLASSES.test(text) && !KEYS.test(text) && !thrown(source, line))
      .map(({ text, line }) => `${file}:${line}: ${text}`));
  assert.deepEqual(found, []);
});

/** An error's sentence may stand on the line after its `new`. */
function thrown(source: string, line: number): boolean {
  const lines = source.split("\n");
  return [lines[line - 1], lines[line - 2], lines[line - 3]].some((one) => one !== undefined && THROWN.test(one));
}

test("the reader of sources sees literals and nothing else", () => {
  const source = 'const a = "one two"; // "three four"\nconst b = `five ${c ? `six` : "seven"} eight`; /* "nine" */ const d = /["]/; const e = \'ten\';';
  assert.deepEqual(literals(source), [
    { line: 1, text: "one two" }, { line: 2, text: "five ${}" }, { line: 2, text: "six" }, { line: 2, text: "seven" }, { line: 2, text: " eight" },
    { line: 2, text: "ten" },
  ]);
});

test("every text is used", () => {
  const used = sources.map(({ source }) => source).join("\n") + html;
  const unused = Object.entries(en).flatMap(([area, texts]) =>
    Object.keys(texts).filter((key) => !new RegExp(String.raw`\b${key}\b`).test(used)).map((key) => `${area}.${key}`));
  assert.deepEqual(unused, []);
});

test("every language has the same keys, and words of its own", () => {
  for (const [name, other] of Object.entries({ de, es })) {
    assert.deepEqual(Object.keys(other).sort(), Object.keys(en).sort());
    const english = sentences(en);
    const same = [...sentences(other)].filter(([key, text]) => english.get(key) === text && TWO_WORDS.test(text)).map(([key]) => `${name}: ${key}`);
    assert.deepEqual(same, []);
  }
});

/** The plain texts, by their path. Presets are English at the server only. */
function sentences(of: object, path = ""): Map<string, string> {
  return new Map(Object.entries(of).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (path === ".presets") return [];
    if (typeof value === "string") return [[`${path}.${key}`, value]];
    return typeof value === "object" && value !== null ? [...sentences(value, `${path}.${key}`)] : [];
  }));
}

test("the page's HTML says in English what the catalogue says", () => {
  const words: Readonly<Record<string, string>> = en.page;
  const texts = [...html.matchAll(/data-text="(\w+)"[^>]*>([^<{]*)</g)];
  const labels = [...html.matchAll(/aria-label="([^"]*)" data-label="(\w+)"/g)];
  assert.ok(texts.length > 5);
  assert.ok(labels.length > 15);
  for (const [, key = "", text] of texts) assert.equal(text, words[key]);
  for (const [, label, key = ""] of labels) assert.equal(label, words[key]);
});

test("the language is the link's, the one chosen before, the browser's, or English", () => {
  assert.equal(preferred("es", "de", ["fr"]), "es");
  assert.equal(preferred(null, "de", ["es"]), "de");
  assert.equal(preferred("tlh", null, ["fr-CA", "es-MX", "de"]), "es");
  assert.equal(preferred(null, null, ["fr", "pt-BR"]), "en");
  assert.equal(preferred("toString", "__proto__", []), "en");
});
