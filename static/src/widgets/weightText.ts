/** The weights as text. */
import { computed } from "@preact/signals-core";
import { planeInView, setPlane } from "../actions/kernel.ts";
import { printKernel } from "../kernels/print.ts";
import { later } from "../text/later.ts";
import { matrixText } from "./matrixText.ts";

export const weightText = (popup: HTMLElement): ReturnType<typeof matrixText> =>
  matrixText({
    editor: popup, label: () => later().matrix.weights, hint: () => later().matrix.hint,
    printed: computed(() => printKernel(planeInView())),
    async use(written) {
      const { parseKernel } = await import("../kernels/parse.ts");
      const parsed = parseKernel(written);
      if ("refusal" in parsed) return parsed.refusal;
      setPlane(parsed.plane);
      return null;
    },
  });
