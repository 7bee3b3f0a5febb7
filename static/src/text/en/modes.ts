/** The modes for a room. */
export const modes = {
  predict: "Predict",
  predictTitle: "Results are hidden until you say what they will be (G)",
  present: "Present",
  presentTitle: "Larger, with less around it, for a projector (F)",
  exit: "Exit (Esc)",
  room: "In class",
};
