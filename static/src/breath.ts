/** Resolves in a task of its own: between two halves of long work the browser paints, and answers hands. */
export const breath = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });
