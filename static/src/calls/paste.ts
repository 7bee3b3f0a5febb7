/** A pasted call becomes what is asked, or the ribbon says why it does not. */
import { batch } from "@preact/signals-core";
import { change } from "../actions/operation.ts";
import { ApiError, readCall } from "../api.ts";
import { inputSize } from "../asked.ts";
import { isFramework } from "../frameworks.ts";
import { explainRefusal } from "../refusal.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { taken } from "./taken.ts";

export async function pasteCall(written: string): Promise<void> {
  const refuse = (reason: string): void => { state.notice.value = { kind: "error", text: later().calls.refused(reason) }; };
  let read;
  try {
    read = await readCall(written);
  } catch (error) {
    if (error instanceof ApiError) refuse(explainRefusal(error));
    else state.notice.value = { kind: "error", text: text().notices.notSent };
    return;
  }
  const asked = state.asked.peek();
  if (!asked) return;
  const found = taken(read, asked, inputSize(asked));
  if ("refusal" in found) {
    refuse(found.refusal);
    return;
  }
  batch(() => {
    change(found.part);
    if (isFramework(read.framework)) state.framework.value = read.framework;
    state.notice.value = { kind: "taken", text: [later().calls.taken(read.call), ...found.open].join(" ") };
  });
}
