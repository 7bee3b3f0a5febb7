/** One thing a person can do, however they ask for it: a button, a key, a gesture. */
export interface Action {
  /** What it does, as the list of keys says it; null when no key runs it. */
  readonly label: (() => string) | null;
  /** Keys in tinykeys' notation. */
  readonly keys?: readonly string[];
  /** `argument` is the button's data-argument, or what a gesture passes. */
  run(argument: string): void;
}

export type Actions = Readonly<Record<string, Action>>;
