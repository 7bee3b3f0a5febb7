/**
 * A bounded memory of what was fetched: the least recently used goes first; requests for one key share a
 * fetch.
 */
export class Cache<T> {
  readonly #capacity: number;
  readonly #held = new Map<number, T>();
  readonly #coming = new Map<number, Promise<T>>();

  /** Holds at least one entry. */
  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
  }

  get(key: number): T | undefined {
    const value = this.#held.get(key);
    if (value !== undefined) {
      this.#held.delete(key);
      this.#held.set(key, value);
    }
    return value;
  }

  /** From memory, or by `load`. A failure is not kept: the next call tries again. */
  fetch(key: number, load: () => Promise<T>): Promise<T> {
    const value = this.get(key);
    if (value !== undefined) return Promise.resolve(value);
    let coming = this.#coming.get(key);
    if (!coming) {
      coming = load()
        .then((loaded) => this.#hold(key, loaded))
        .finally(() => this.#coming.delete(key));
      this.#coming.set(key, coming);
    }
    return coming;
  }

  #hold(key: number, value: T): T {
    this.#held.set(key, value);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= this.#capacity) break;
      this.#held.delete(oldest);
    }
    return value;
  }
}
