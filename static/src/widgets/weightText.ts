/** The weights as text. */
import { computed } from "@preact/signals-core";
import { planeInView, setPlane } from "../actions/kernel.ts";
import { printKernel } from "../kernels/print.ts";
import { text } from "../text/text.ts";
import { matrixText } from "./matrixText.ts";

export const weightText = (popup: HTMLElement): ReturnType<typeof matrixText> =>
  matrixText({
    editor: popup, label: () => text().matrix.weights, hint: () => text().matrix.hint,
    printed: computed(() => printKernel(planeInView())),
    async use(written) {
      const { parseKernel } = await import("../kernels/parse.ts");
      const parsed = parseKernel(written);
      if ("refusal" in parsed) return parsed.refusal;
      setPlane(parsed.plane);
      return null;
    },
  });
