/** Traces what is pointed at: its marks on both pictures, its words, the keys that move it. */
import { computed, effect } from "@preact/signals-core";
import { secretFrom } from "../predict.ts";
import { traced } from "../provenance.ts";
import { shown } from "../session.ts";
import { at } from "../stage/scenes.ts";
import type { Stage } from "../stage/stage.ts";
import * as state from "../state.ts";
import { answer, answering } from "./answer.ts";
import { caption } from "./caption.ts";
import { keys } from "./keys.ts";
import { kernelLights } from "./kernelLights.ts";
import { marksOf, spotsOf } from "./marks.ts";
import { paintMarks } from "./paint.ts";

export function start(stage: Stage): void {
  answering();
  const marks = computed(() => {
    const now = answer.value;
    return now && marksOf(now, state.channel.value, state.theme.value === "dark", secretFrom.value);
  });
  stage.overlay = {
    paint(view, { input, output }, inputContext, outputContext) {
      if (traced.peek() === null) return;
      const { ink, shown: { geometry } } = view;
      const [found, spots] = [marks.peek(), spotsOf(traced.peek(), geometry.x.outputSize)];
      paintMarks(inputContext, input, ink, [...(found?.input ?? []), ...spots.input]);
      paintMarks(outputContext, output, ink, [...(found?.output ?? []), { kind: "playhead", ...at(view) }, ...spots.output]);
    },
  };
  effect(() => {
    void [marks.value, traced.value];
    stage.remark();
  });
  caption();
  kernelLights();
  keys();
  letGo();
}

/** What was pinned stays while the playhead is where it was pinned from; a step, a drag, a play is another matter. */
function letGo(): void {
  let [position, trace] = [state.position.peek(), shown.peek()];
  effect(() => {
    const [now, current] = [state.position.value, shown.value];
    const moved = now !== position && now !== state.pinned.peek()?.at;
    if (moved || current !== trace) state.pinned.value = null;
    // A pointer that rests where it was has asked for nothing new.
    if (now !== position) state.pointed.value = null;
    [position, trace] = [now, current];
  });
}
