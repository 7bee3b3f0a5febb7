import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { CallNote } from "../../static/src/api-types.ts";
import type { PaddingMode } from "../../static/src/state.ts";
import { sentenceOf } from "../../static/src/calls/notes.ts";
import { speak } from "../../static/src/text/text.ts";

const GOLDEN = JSON.parse(readFileSync(new URL("../golden/notes.json", import.meta.url), "utf8")) as readonly (CallNote & { title: string; mode: PaddingMode })[];
const said = (): string[] => GOLDEN.map((note) => sentenceOf({ ...note, text: "?" }, note, { paddingMode: note.mode }));

test("the page says of a call what the server says", () => {
  assert.deepEqual(said(), GOLDEN.map(({ text }) => text));
  const unknown = { name: "toString", kind: "takes", text: "Something new." } as const;
  assert.equal(sentenceOf(unknown, { title: "JAX" }, { paddingMode: "zeros" }), "Something new.");
});

for (const language of ["de", "es"] as const) {
  test(`each sentence has one in ${language}`, async () => {
    await speak(language);
    const english = new Set(GOLDEN.map(({ text }) => text));
    assert.deepEqual(said().filter((sentence) => english.has(sentence) || sentence === "?"), []);
    await speak("en");
  });
}
