import assert from "node:assert/strict";
import { test } from "node:test";
import { idNow, keep, sendAgain } from "../../static/src/uploads.ts";

function sender(ids: string[]): { send: () => Promise<{ id: string }>; sent: number } {
  const counted = { sent: 0, send: () => Promise.resolve({ id: ids[counted.sent++] as string }) };
  return counted;
}

test("an image that is lost is sent once for all who ask, and is called by its new id", async () => {
  const file = sender(["b", "c"]);
  keep("a", file.send);
  assert.equal(idNow("a"), "a");
  assert.deepEqual(await Promise.all([sendAgain("a", "a"), sendAgain("a", "a")]), [true, true]);
  assert.equal(file.sent, 1);
  assert.equal(idNow("a"), "b");
  // One that asked before hears late that the first id is lost.
  assert.equal(await sendAgain("a", "a"), true);
  assert.equal(file.sent, 1);
  assert.equal(await sendAgain("a", "b"), true);
  assert.equal(idNow("a"), "c");
});

test("a file that could not be sent is tried again the next time", async () => {
  let fails = true;
  keep("d", () => fails ? Promise.reject(new Error("away")) : Promise.resolve({ id: "e" }));
  await assert.rejects(sendAgain("d", "d"), /away/);
  fails = false;
  assert.equal(await sendAgain("d", "d"), true);
  assert.equal(idNow("d"), "e");
});

test("what was never kept, or long ago, cannot be sent", async () => {
  assert.equal(await sendAgain("x", "x"), false);
  assert.equal(idNow("x"), "x");
  for (const id of "123456789") keep(id, sender(["z"]).send);
  assert.equal(await sendAgain("1", "1"), false);
  assert.equal(await sendAgain("2", "2"), true);
});
