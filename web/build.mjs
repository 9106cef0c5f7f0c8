// web/dist: widget.js, and widget/ with the page it frames. `node build.mjs`
import { build } from "esbuild";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "dist");
rmSync(out, { recursive: true, force: true });
mkdirSync(path.join(out, "widget"), { recursive: true });

const common = {
  absWorkingDir: here, bundle: true, minify: true, legalComments: "none", charset: "utf8", logLevel: "warning",
  target: ["chrome111", "firefox115", "safari16.4"],
};
await build({ ...common, entryPoints: ["apps/widget/loader.ts"], outfile: "dist/widget.js", format: "iife",
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },  // without "use strict": its bytes
  plugins: [{
    name: "short-css",  // the loader's style sheet is text
    setup: (it) => it.onLoad({ filter: /loader\.ts$/ }, async ({ path: file }) => {
      const { readFile } = await import("node:fs/promises");
      const source = await readFile(file, "utf8");
      return { loader: "ts", contents: source.replace(/const css = `([^`]*)`/, (_, css) => `const css = \`${css.replace(/\n/g, "")}\``) };
    }),
  }] });
await build({ ...common, entryPoints: ["apps/widget/main.tsx"], outfile: "dist/widget/app.js", format: "esm",
  jsx: "automatic", jsxImportSource: "preact" });
await build({ ...common, stdin: { contents: '@import "./tokens.css"; @import "./chat.css";', loader: "css", resolveDir: path.join(here, "packages/ui") },
  outfile: "dist/widget/app.css", external: ["/assets/*"] });
for (const page of ["index.html", "demo.html", "demo.css"])  // demo: the widget on somebody's page, to try it
  copyFileSync(path.join(here, "apps/widget", page), path.join(out, "widget", page));
