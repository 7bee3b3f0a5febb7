/** Hands a file to the browser to keep. */
import type { Shown } from "../session.ts";

export function saveFrom(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** Long enough for any browser to have begun. */
const KEPT_MS = 60_000;

export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  saveFrom(address, name);
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** "harbour-sobel_x": what is shown, in letters that every file system takes. */
export function nameOf({ asked: { source, operation, filter } }: Shown): string {
  const what = operation === "conv2d" ? (filter ?? "kernel") : operation;
  const letters = (words: string): string => words.normalize("NFKD").toLowerCase().replace(/[^a-z0-9_]+/g, "-").replace(/^-+|-+$/g, "");
  return [source.kind === "numbers" ? source.key : source.title, what].map(letters).filter((part) => part !== "").join("-") || "convloupe";
}
