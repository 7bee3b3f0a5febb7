// Bundles the page into static/dist. Run by the hatchling hook with Node from the wheel; no system Node is needed.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const dist = join(here, "dist");
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: true,
  legalComments: "linked",
  target: "es2022",
  logLevel: "warning",
};

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "swagger-ui"), { recursive: true });
const built = await Promise.allSettled([
  build({ ...shared, entryPoints: ["src/main.ts"], outfile: "dist/main.js", format: "esm" }),
  // A classic script in <head>: it runs before the first paint, which a module cannot.
  build({ ...shared, entryPoints: ["src/boot.ts"], outfile: "dist/boot.js", format: "iife" }),
  build({ ...shared, entryPoints: ["css/page.css"], outfile: "dist/page.css" }),
  ...["swagger-ui-bundle.js", "swagger-ui.css"].map((name) =>
    copyFile(join(here, "node_modules", "swagger-ui-dist", name), join(dist, "swagger-ui", name)),
  ),
]);
if (built.some(({ status }) => status === "rejected")) {
  // esbuild has said where; a stack trace of ours would hide it.
  for (const { reason } of built) if (reason && !reason.errors) console.error(reason.message);
  process.exit(1);
}
