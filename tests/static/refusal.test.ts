import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../static/src/api.ts";
import { explainRefusal } from "../../static/src/refusal.ts";

const refusal = (...errors: { field: string; reason: string }[]): ApiError =>
  new ApiError(422, "Unprocessable Content", "detail", errors);

test("a refusal is a sentence, whoever wrote its reason", () => {
  assert.equal(
    explainRefusal(refusal({ field: "operation.kernel", reason: "This kernel does not fit." })),
    "This kernel does not fit.",
  );
  assert.equal(
    explainRefusal(refusal({ field: "operation.strides.0", reason: "is 9000; the limit is 8192" })),
    "Strides is 9000; the limit is 8192.",
  );
  assert.equal(
    explainRefusal(refusal({ field: "file", reason: "is not an image we can read" }), "notes.txt"),
    "notes.txt is not an image we can read.",
  );
});

test("two axes with the same trouble say it once; without errors the detail stands", () => {
  const twice = { field: "operation.padding", reason: "is 9; the limit is 8" };
  assert.equal(explainRefusal(refusal(twice, twice)), "Padding is 9; the limit is 8.");
  assert.equal(explainRefusal(refusal()), "detail");
});
