export const help = {
  keys: { Space: "Space", Home: "Home", End: "End", Shift: "Shift", $mod: "Ctrl" },
  heading: "Keys",
  close: "Close (Esc)",
  paste: "Paste a picture, numbers, or a call such as nn.Conv2d(3, 16, (4, 1))",
  escape: "Close what is open",
  letters: "Single letters and digits act",
  language: "Language",
};
