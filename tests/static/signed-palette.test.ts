import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeLut } from "../../static/src/palette.ts";

test("the signed palette on paper is the one of the server's pictures", () => {
  const golden: unknown = JSON.parse(
    readFileSync(new URL("../golden/signed-palette.json", import.meta.url), "utf8"),
  );
  const { hexes } = makeLut("signed", { signed: 1, minimum: -1, maximum: 1 }, false);
  assert.deepEqual(hexes, golden);
});
