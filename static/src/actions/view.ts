/** What changes only how things look. */
import { FRAMEWORKS } from "../frameworks.ts";
import { pause } from "../player.ts";
import { say } from "../predict.ts";
import { present } from "../present.ts";
import { shown } from "../session.ts";
import * as state from "../state.ts";
import type { Actions } from "./action.ts";
import { choose } from "../text/choice.ts";
import { isLanguage, text } from "../text/text.ts";

function setTheme(theme: state.Theme): void {
  // The attribute first: whatever follows the signal reads the new colours from the style sheet.
  document.documentElement.dataset.theme = theme;
  state.theme.value = theme;
  try {
    localStorage.setItem("convloupe.theme", theme);
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
}

const spellings: Actions = Object.fromEntries(Object.entries(FRAMEWORKS).map(([name, title], at) => [
  name, { label: () => text().actions.spellFor(title), keys: [String(at + 1)], run: () => { state.framework.value = name as state.Framework; } },
]));

export const view: Actions = {
  theme: { label: () => text().actions.theme, keys: ["t"], run: () => setTheme(state.theme.peek() === "dark" ? "light" : "dark") },
  "next-channel": {
    label: () => text().actions.nextChannel, keys: ["c"],
    run: () => {
      const { group_channels = 1, out_channels = 1 } = shown.peek()?.info ?? {};
      if (group_channels > 1) state.channel.value = (state.channel.peek() + 1) % group_channels;
      else state.outChannel.value = (state.outChannel.peek() + 1) % out_channels;
    },
  },
  stamping: {
    label: () => text().operations.toggle, keys: ["v"],
    run: (on) => {
      pause();
      state.stamping.value = on === "" ? !state.stamping.peek() : on === "true";
    },
  },
  "out-channel": { label: null, run: (channel) => { state.outChannel.value = Number(channel); } },
  channel: { label: null, run: (channel) => { state.channel.value = Number(channel); } },
  framework: { label: null, run: (framework) => { state.framework.value = framework as state.Framework; } },
  ...spellings,
  palette: { label: null, run: (palette) => { state.palette.value = palette as state.PaletteChoice; } },
  "output-size": { label: null, run: (size) => { state.outputSize.value = size === "true" ? "true" : "fit"; } },
  predict: { label: () => text().actions.predict, keys: ["g"], run: () => { state.predicting.value = !state.predicting.peek(); } },
  guess: { label: null, run: (said) => say(said === "negative" || said === "zero" || said === "positive" ? said : Number(said)) },
  present: { label: () => text().actions.present, keys: ["f"], run: () => present(!state.presenting.peek()) },
  controls: { label: null, run: () => { state.controlsOpen.value = !state.controlsOpen.peek(); } },
  language: { label: null, run: (name) => { if (isLanguage(name)) void choose(name); } },
  letters: { label: null, run: (on) => { state.lettersAct.value = on === "true"; } },
};
