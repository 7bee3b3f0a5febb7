export const help = {
  keys: { Space: "Space", Home: "Home", End: "End", Shift: "Shift", $mod: "Ctrl" },
  heading: "Keys",
  close: "Close (Esc)",
  escape: "Close what is open",
  letters: "Single letters and digits act",
  language: "Language",
};
