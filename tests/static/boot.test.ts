/** What runs before the first paint: the theme, and how long a page is held for its language. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

const MOST_MS = 300;

interface Browser {
  readonly languages?: readonly string[];
  readonly search?: string;
  readonly stored?: Readonly<Record<string, string>>;
  /** The media queries that hold. */
  readonly media?: readonly string[];
}

let boots = 0;

/** Runs the script in this browser; the classes and the theme that the document then has, and has later. */
async function boot({ languages = ["en"], search = "", stored = {}, media = [] }: Browser): Promise<{ classes: Set<string>; dataset: { theme?: string } }> {
  const classes = new Set<string>();
  const dataset: { theme?: string } = {};
  const toggle = (name: string, on: boolean): void => void (on ? classes.add(name) : classes.delete(name));
  const classList = { add: (name: string) => toggle(name, true), remove: (name: string) => toggle(name, false), toggle };
  const browser = {
    document: { documentElement: { dataset, classList } },
    location: { search },
    localStorage: { getItem: (name: string) => stored[name] ?? null },
    matchMedia: (query: string) => ({ matches: media.includes(query) }),
    navigator: { languages },
  };
  for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true });
  await import(`../../static/src/boot.ts?${boots++}`);
  return { classes, dataset };
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("a page of another language is held until it is spoken, for 300 ms at most", async () => {
  const { classes } = await boot({ languages: ["de-AT", "en"] });
  assert.ok(classes.has("translating"));
  mock.timers.tick(MOST_MS - 1);
  assert.ok(classes.has("translating"));
  mock.timers.tick(1);
  assert.ok(!classes.has("translating"));
});

test("a page in English is never held, whoever asks for it", async () => {
  for (const browser of [{}, { languages: ["fi"] }, { languages: ["de"], search: "?lang=en" }, { languages: ["de"], stored: { "convloupe.language": "en" } }]) {
    assert.ok(!(await boot(browser)).classes.has("translating"), JSON.stringify(browser));
  }
  assert.ok((await boot({ search: "?lang=es" })).classes.has("translating"));
});

test("what the server wrote is hidden where a link asks for something else", async () => {
  assert.ok(!(await boot({})).classes.has("linked"));
  assert.ok((await boot({ search: "?stride=2,2" })).classes.has("linked"));
});

test("the theme is the one chosen before, else the system's; forced colours are the system's own", async () => {
  const dark = "(prefers-color-scheme: dark)";
  const stored = { "convloupe.theme": "light" };
  const theme = async (browser: Browser): Promise<string | undefined> => (await boot(browser)).dataset.theme;
  assert.equal(await theme({}), "light");
  assert.equal(await theme({ media: [dark] }), "dark");
  assert.equal(await theme({ media: [dark], stored }), "light");
  assert.equal(await theme({ media: [dark, "(forced-colors: active)"], stored }), "dark");
  assert.equal(await theme({ stored: { "convloupe.theme": "pink" } }), "light");
});
