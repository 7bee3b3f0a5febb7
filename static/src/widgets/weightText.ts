/** The weights as text. */
import { computed } from "@preact/signals-core";
import { planeInView, setPlane } from "../actions/kernel.ts";
import { parseKernel, printKernel } from "../kernels/parse.ts";
import { matrixText } from "./matrixText.ts";

export const weightText = (popup: HTMLElement): ReturnType<typeof matrixText> =>
  matrixText({
    editor: popup, label: "Weights as text", hint: "Python, NumPy, MATLAB or CSV. It can be pasted onto the grid too.",
    printed: computed(() => printKernel(planeInView())),
    use(text) {
      const parsed = parseKernel(text);
      if ("refusal" in parsed) return parsed.refusal;
      setPlane(parsed.plane);
      return null;
    },
  });
