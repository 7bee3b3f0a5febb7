/** What the server names and describes in English, by its name there. English has nothing to add. */
export const presets: {
  readonly filters: Readonly<Record<string, readonly [title: string, sentence: string]>>;
  /** Samples and lessons. */
  readonly sources: Readonly<Record<string, string>>;
} = { filters: {}, sources: {} };
