export const help = {
  heading: "Keys",
  close: "Close (Esc)",
  escape: "Close what is open",
  letters: "Single letters and digits act",
  language: "Language",
};
