export const code = {
  framework: "Framework",
  checked: (title: string, version: string, layout: string) => `Checked with ${title} ${version}; the input is ${layout}.`,
  call: "The call",
  instead: "What gives these numbers instead",
  also: "In other words",
  model: "Download as .onnx",
  paste: "Paste a call",
  take: "Take its parameters",
  program: "The program, with all numbers",
  none: "This framework has no way to this operation.",
  predicting: "The program has the numbers that you are guessing. It waits until Predict is off.",
  offline: "The server did not answer.",
};
