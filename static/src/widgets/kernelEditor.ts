/** The kernel's popup, fetched when somebody first asks for it. */
import type { FilterPreset } from "../api.ts";
import { query } from "./dom.ts";
import type { KernelPicker } from "./kernelPicker.ts";

export function kernelEditor(filters: readonly FilterPreset[]): KernelPicker {
  const popup = query("#kernel-picker");
  let coming: Promise<KernelPicker> | null = null;
  let here = false;
  const fetched = (): Promise<KernelPicker> =>
    (coming ??= import("./kernelPicker.ts").then(
      ({ kernelPicker }) => {
        here = true;
        return kernelPicker(filters);
      },
      (error: unknown) => {
        // The next press asks again.
        coming = null;
        throw error;
      },
    ));
  popup.addEventListener("beforetoggle", (event) => {
    if (here) return;
    // It opens once there is something in it, by its button: that is where Tab comes from.
    event.preventDefault();
    void fetched().then(() => {
      if (!popup.matches(":popover-open")) query("#kernel-button").click();
    });
  });
  return { edit: (row, column) => void fetched().then((picker) => picker.edit(row, column)) };
}
