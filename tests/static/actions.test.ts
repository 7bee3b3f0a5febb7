/** Every action has a key, or is one of a control that the keyboard gets to: tests/browser/test_accessibility.py looks at the controls. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** How hands on a keyboard come to what has no key of its own. */
const WITHOUT_A_KEY: Readonly<Record<string, readonly string[]>> = {
  "values of the call: Tab goes from one to the next, arrows change numbers, Enter opens lists; the plain controls have them as fields": [
    "operation", "groups", "paddingMode", "activation", "flipKernel", "kernelSize", "ceilMode", "countIncludePad",
    "outputPadding", "strides", "dilations", "padding", "sides", "bias",
  ],
  "buttons of the kernel's popup, between others that Tab goes through": [
    "turn", "mirror", "upend", "divide-by-sum", "normalise", "randomise", "add-output", "remove-output", "split-channels",
  ],
  "choices of a popup: arrows go from one to the next": ["longest", "scale", "palette", "output-size"],
  "choices on the page, where arrows or Tab go from one to the next": ["cadence", "framework", "channel", "out-channel"],
  "sliders, boxes and buttons of the browser, with keys of their own": ["go-to", "speed", "letters", "language", "guess"],
  "buttons of the line that says what is wrong, which Tab comes to": ["retry", "cancel", "dismiss"],
  "the same as keys that there are: E, Shift+E and Esc": ["panel", "panel-close", "panel-menu", "why"],
  "the arrows' own step in the Tap cadence; this is a press on one of the taps": ["tap"],
  "buttons beside the call": ["controls", "why-not"],
  "choices and buttons of the view of other ways, which Tab and the arrows go through; Esc closes it": ["way", "way-step", "way-close"],
};

test("every action has a key and its words, or a reason to have none", async () => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) });
  const { actions } = await import("../../static/src/actions/index.ts");
  const reasons = Object.values(WITHOUT_A_KEY).flat();
  assert.deepEqual(
    Object.keys(actions).filter((name) => !actions[name]?.keys).toSorted(),
    reasons.toSorted(),
  );
  for (const [name, { keys, label }] of Object.entries(actions)) assert.equal(keys !== undefined, label !== null, `${name}: the list of keys says what its keys do`);
});

test("no key runs two actions", async () => {
  Object.assign(globalThis, { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) });
  const { actions } = await import("../../static/src/actions/index.ts");
  const keys = Object.values(actions).flatMap(({ keys = [] }) => keys);
  assert.equal(new Set(keys).size, keys.length);
});
