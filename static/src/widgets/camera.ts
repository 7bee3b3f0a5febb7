/** The camera: a live picture in the popup, of which a still is taken. Fetched when it is first used. */
import * as state from "../state.ts";
import { later } from "../text/later.ts";
import { make } from "./dom.ts";

/** The longer side of what is asked for; more would only be sent to be made smaller. */
const LONGEST = 1280;

interface Heard {
  shown(): void;
  taken(picture: File): void;
  closed(): void;
}

/** Shows what the camera sees in `place`, until a picture is taken, it is closed, or `leave` is called. */
export async function camera(place: HTMLElement, heard: Heard): Promise<{ leave(): void }> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: LONGEST } } });
  } catch (error) {
    state.notice.value = { kind: "error", text: refusal(error) };
    return { leave: () => undefined };
  }
  const words = later().camera;
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": words.live });
  video.muted = true;
  video.srcObject = stream;
  const take = make("button", { type: "button", class: "button small", "data-key": "take" }, words.take);
  const close = make("button", { type: "button", class: "button small" }, words.close);
  const leave = (): void => {
    for (const track of stream.getTracks()) track.stop();
    place.replaceChildren();
  };
  take.addEventListener("click", () => {
    void still(video, words.file).then((picture) => {
      leave();
      if (picture) heard.taken(picture);
      else heard.closed();
    });
  });
  close.addEventListener("click", () => {
    leave();
    heard.closed();
  });
  place.replaceChildren(video, make("div", { class: "row" }, take, close));
  heard.shown();
  take.focus();
  return { leave };
}

/** Null when the camera has shown nothing yet. */
function still(video: HTMLVideoElement, name: string): Promise<File | null> {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob && new File([blob], name, { type: blob.type })), "image/png"));
}

function refusal(error: unknown): string {
  const words = later().camera;
  return error instanceof DOMException && (error.name === "NotFoundError" || error.name === "NotReadableError") ? words.none : words.refused;
}
