// Bundles the page into static/dist. Run by the hatchling hook with Node from the wheel; no system Node is needed.
import { copyFile, glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const dist = join(here, "dist");
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: true,
  legalComments: "none", // dist/licenses.txt has them whole
  target: "es2022",
  logLevel: "warning",
};

/** The licences of what is bundled: they ask to travel with every copy. */
async function licenses() {
  const { dependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const texts = [];
  for (const name of Object.keys(dependencies)) {
    for await (const file of glob("{LICENSE,NOTICE}*", { cwd: join(here, "node_modules", name) })) {
      texts.push(`${name} ${file}\n\n${await readFile(join(here, "node_modules", name, file), "utf8")}`);
    }
  }
  await writeFile(join(dist, "licenses.txt"), texts.join(`\n${"-".repeat(80)}\n`));
}

/**
 * Keeps what the page begins with in one file. esbuild would cut it up by which of the later chunks share which part of
 * it, each with headers of its own on the wire; so each of them is said to need all of it, which it has by then.
 */
const together = {
  name: "together",
  async setup(building) {
    const later = new Set();
    for await (const file of glob("src/**/*.ts", { cwd: here })) {
      const source = await readFile(join(here, file), "utf8");
      for (const [, path] of source.matchAll(/\bimport\("([^"]+)"\)/g)) later.add(join(here, dirname(file), path));
    }
    building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!later.has(path)) return undefined;
      const source = await readFile(path, "utf8");
      return { contents: `${source}\nimport ${JSON.stringify(join(here, "src", "main.ts"))};\n`, loader: "ts" };
    });
  },
};

/** The page's script, and in chunks/ what is imported when it is needed; a chunk's name changes with its content. */
async function page() {
  const { metafile } = await build({
    ...shared, entryPoints: ["src/main.ts"], outdir: "dist", chunkNames: "chunks/[hash]", splitting: true, format: "esm", metafile: true, plugins: [together],
  });
  // What main.js begins with can be fetched beside it, if the page names it.
  const needed = new Set();
  const follow = (output) => {
    for (const { path, kind } of metafile.outputs[output].imports) {
      if (kind !== "import-statement" || needed.has(path)) continue;
      needed.add(path);
      follow(path);
    }
  };
  follow("dist/main.js");
  await writeFile(join(dist, "preload.json"), JSON.stringify([...needed].map((path) => path.replace("dist/", ""))));
}

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "swagger-ui"), { recursive: true });
const built = await Promise.allSettled([
  page(),
  // A classic script in <head>: it runs before the first paint, which a module cannot.
  build({ ...shared, entryPoints: ["src/boot.ts"], outfile: "dist/boot.js", format: "iife" }),
  build({ ...shared, entryPoints: ["css/page.css"], outfile: "dist/page.css" }),
  ...["swagger-ui-bundle.js", "swagger-ui.css"].map((name) =>
    copyFile(join(here, "node_modules", "swagger-ui-dist", name), join(dist, "swagger-ui", name)),
  ),
  licenses(),
]);
if (built.some(({ status }) => status === "rejected")) {
  // esbuild has said where; a stack trace of ours would hide it.
  for (const { reason } of built) if (reason && !reason.errors) console.error(reason.message);
  process.exit(1);
}
