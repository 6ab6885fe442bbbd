import { build } from "vitepress";
import { problemsOf } from "./check.ts";
import { htmlDir, prepareSite, siteDir } from "./site.ts";

// `npm run docs:build`: the site in `dist/site/html`, to be served at SITE_BASE (`/` if unset). A link to nothing fails the build.
const base = process.env.SITE_BASE ?? "/";
prepareSite();
// The configuration's own tsconfig.json is looked for from here.
process.chdir(siteDir);
await build(siteDir, { base });
const problems = problemsOf(htmlDir, base);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
