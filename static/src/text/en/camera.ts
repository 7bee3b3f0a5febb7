/** The camera in the image popup. */
export const camera = {
  live: "What the camera sees",
  take: "Take the picture",
  close: "Close the camera",
  file: "Camera",
  refused: "The browser did not allow the camera. You can choose a file instead.",
  none: "No camera could be used. You can choose a file instead.",
};
