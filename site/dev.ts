import { watch } from "node:fs";
import { join } from "node:path";
import { createServer } from "vitepress";
import { copyPages } from "./assemble.ts";
import { pagesDir, prepareSite, rootDir, siteDir } from "./site.ts";

// `npm run docs:dev`: the site on loopback, in step with the pages in `docs/`. Pages made from code are made anew at the next start.
prepareSite();
process.chdir(siteDir);
const server = await createServer(siteDir, { host: "127.0.0.1" });
await server.listen();
server.printUrls();
watch(join(rootDir, "docs"), { recursive: true }, () => copyPages(rootDir, pagesDir));
