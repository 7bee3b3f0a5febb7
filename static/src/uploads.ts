/** The files of this visit. A server that has forgotten an image is sent its file again, and gives it another id. */

interface Kept {
  now: string;
  sending: Promise<void> | null;
  readonly send: () => Promise<{ readonly id: string }>;
}

/** Files of a disk are only named by the browser, but pasted and taken ones are in its memory. */
const MOST_KEPT = 8;

/** By the id that the image had at first, which is the one that the page, its history and its links know. */
const kept = new Map<string, Kept>();

/** Keeps what sends the file of an image again. */
export function keep(id: string, send: Kept["send"]): void {
  kept.set(id, { now: id, sending: null, send });
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** What the server calls the image now. */
export const idNow = (id: string): string => kept.get(id)?.now ?? id;

/** Sends the file again, once for all who find that the server has lost it as `lost`. False when it is not kept. */
export async function sendAgain(id: string, lost: string): Promise<boolean> {
  const image = kept.get(id);
  if (!image) return false;
  if (image.now !== lost) return true;
  image.sending ??= image.send().then((sent) => { image.now = sent.id; }).finally(() => { image.sending = null; });
  await image.sending;
  return true;
}
