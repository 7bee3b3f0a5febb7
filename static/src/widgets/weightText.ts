/** The weights as text. */
import { computed } from "@preact/signals-core";
import { planeInView, setPlane } from "../actions/kernel.ts";
import { parseKernel, printKernel } from "../kernels/parse.ts";
import { text } from "../text/text.ts";
import { matrixText } from "./matrixText.ts";

export const weightText = (popup: HTMLElement): ReturnType<typeof matrixText> =>
  matrixText({
    editor: popup, label: () => text().matrix.weights, hint: () => text().matrix.hint,
    printed: computed(() => printKernel(planeInView())),
    use(written) {
      const parsed = parseKernel(written);
      if ("refusal" in parsed) return parsed.refusal;
      setPlane(parsed.plane);
      return null;
    },
  });
