import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import type { Outline } from "../assemble.ts";
import { diagrams } from "../diagrams.ts";
import { siteLinks } from "../links.ts";
import { slug } from "../slug.ts";

const built = join(import.meta.dirname, "../../dist/site");
const { sideBar, pages, rules, source } = JSON.parse(readFileSync(join(built, "outline.json"), "utf8")) as Outline;

export default defineConfig({
    title: "Sallyport",
    description: "Infrastructure that only dials out: Cloudflare Tunnel and Access before every service",
    lang: "en",
    // No icon: a browser would ask for one otherwise.
    head: [["link", { rel: "icon", href: "data:," }]],
    srcDir: join(built, "pages"),
    outDir: join(built, "html"),
    cacheDir: join(built, "cache"),
    // What a page tells to open on the reader's own machine.
    ignoreDeadLinks: "localhostLinks",
    // The search's index is one of them, and is fetched by whoever searches.
    vite: { build: { chunkSizeWarningLimit: 2000 } },
    markdown: {
        anchor: { slugify: slug },
        config(markdown) {
            siteLinks({ pages: new Set(pages), rules: new Set(rules), source })(markdown);
            diagrams(markdown);
        },
    },
    themeConfig: {
        nav: [
            { text: "Start", link: "/getting-started" },
            { text: "Concepts", link: "/concepts" },
            { text: "Recipes", link: "/recipes" },
            { text: "Reference", link: "/reference/components/" },
        ],
        sidebar: sideBar.map((group) => ({ ...group, items: [...group.items] })),
        outline: [2, 3],
        search: { provider: "local" },
        ...(source === undefined ? {} : { socialLinks: [{ icon: "github", link: source.replace(/\/blob\/.*/, "") }] }),
    },
});
