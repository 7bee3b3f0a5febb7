export const rest = {
  lead: "The same numbers, straight from the server.",
  trace: "Make the trace",
  position: "Ask for this position",
  output: "The whole output, for NumPy",
  answer: "The answer",
  waiting: "The answer follows when the play stops.",
  offline: "The server did not answer.",
  upload: "The server keeps the uploaded image for a while. After that, upload it again and put its new id here.",
  documentation: "Every request and every field",
};
