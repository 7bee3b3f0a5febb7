/** A stage becomes what the page asks for: undo takes it back. */
import { batch } from "@preact/signals-core";
import { change } from "../actions/operation.ts";
import { ApiError, uploadImage } from "../api.ts";
import { npyBytes } from "../npy.ts";
import { planned } from "../asked.ts";
import { explainRefusal } from "../refusal.ts";
import { type Shown, places } from "../session.ts";
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { text } from "../text/text.ts";
import { upload } from "../url.ts";
import { type Opening, gathered } from "./openings.ts";

/** `title`: of the stage, by which an array of its cells is called. */
export async function openStage({ part, cells, at }: Opening, { input, asked }: Shown, title: string): Promise<void> {
  let source: Partial<state.Asked> = {};
  if (cells) {
    const { shape, values } = gathered(cells, input);
    try {
      const image = await uploadImage(new Blob([npyBytes(shape, values)]), "stage.npy");
      source = { source: upload(image.id, title, shape, "array"), longest: "full", scale: "0..255" };
    } catch (error) {
      state.notice.value = { kind: "error", text: error instanceof ApiError ? explainRefusal(error) : () => text().notices.notSent };
      return;
    }
  }
  // Somebody has asked for something else meanwhile.
  if (state.asked.peek() !== asked) return;
  batch(() => {
    change({ ...part, ...source });
    const after = state.asked.peek();
    const geometry = after && planned(after);
    if (geometry && at) places.set(after, at[0] * geometry.x.outputSize + at[1]);
    state.way.value = null;
    state.notice.value = { kind: "taken", text: () => later().ways.opened(title), action: { label: () => text().notices.undo, name: "undo" } };
  });
}
