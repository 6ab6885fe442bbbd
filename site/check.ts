import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";

/** A start tag with its attributes. */
const TAG = /<([a-z][a-z0-9-]*)\b((?:"[^"]*"|[^">])*)>/gi;
const ATTRIBUTE = /\s([a-z-]+)="([^"]*)"/gi;

/** What a style sheet fetches. */
const FETCHED = /(?:@import\s+(?:url\()?|url\()\s*["']?([^"')\s]+)/g;

const ELSEWHERE = /^([a-z][a-z0-9+.-]*:)?\/\//i;

interface Tag {
    readonly name: string;
    readonly attributes: ReadonlyMap<string, string>;
}

/**
 * What is wrong with a built site: links that lead to no page or no heading, and whatever a reader's browser would fetch from another host.
 *
 * @param folder the built site.
 * @param base path at which it is served, with a slash at both ends.
 */
export function problemsOf(folder: string, base = "/"): string[] {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const pages = new Map(
        files
            .filter((file) => file.endsWith(".html"))
            .map((file) => [file, tagsIn(readFileSync(join(folder, file), "utf8"))] as const),
    );
    const ids = new Map(
        [...pages].map(([page, tags]) => [page, new Set(tags.map(({ attributes }) => attributes.get("id")))]),
    );
    const links = [...pages].flatMap(([page, tags]) =>
        tags
            .filter(({ name }) => name === "a")
            .flatMap(({ attributes }) => attributes.get("href") ?? [])
            .flatMap((href) => deadLink(page, href) ?? []),
    );
    const fetched = [
        ...[...pages].flatMap(([page, tags]) => tags.flatMap(fetchedBy).map((url) => [page, url] as const)),
        ...files
            .filter((file) => file.endsWith(".css"))
            .flatMap((file) =>
                stylesFetch(readFileSync(join(folder, file), "utf8")).map((url) => [file, url] as const),
            ),
    ];
    const foreign = fetched
        .filter(([, url]) => ELSEWHERE.test(url))
        .map(([file, url]) => `${file}: fetches ${url} from another host`);
    return [...links, ...foreign];

    function deadLink(page: string, href: string): string | undefined {
        if (ELSEWHERE.test(href) || href.startsWith("mailto:")) return undefined;
        const [path = "", anchor] = decodeURI(href).split("#");
        const target =
            path === "" ? page : fileOf(path.startsWith(base) ? path.slice(base.length) : join(dirname(page), path));
        if (!existsSync(join(folder, target))) return `${page}: ${href} leads to nothing`;
        const known = ids.get(target);
        if (anchor === undefined || anchor === "" || known === undefined || known.has(anchor)) return undefined;
        return `${page}: ${href} leads to no heading`;
    }

    function fileOf(path: string): string {
        const file = normalize(path);
        if (file === "." || file.endsWith("/")) return join(file, "index.html");
        return existsSync(join(folder, file)) ? file : `${file}.html`;
    }
}

function tagsIn(text: string): Tag[] {
    return [...text.matchAll(TAG)].map(([, name = "", attributes = ""]) => ({
        name: name.toLowerCase(),
        attributes: new Map(
            [...attributes.matchAll(ATTRIBUTE)].map(([, key = "", value = ""]) => [key, unescaped(value)]),
        ),
    }));
}

function unescaped(value: string): string {
    return value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** What a browser fetches by itself for a tag. A link that a reader follows is the reader's own request. */
function fetchedBy({ name, attributes }: Tag): string[] {
    const source = ["src", "srcset", "poster", "data"].flatMap((key) => attributes.get(key) ?? []);
    return [
        ...source,
        ...(name === "link" ? [attributes.get("href") ?? ""] : []),
        ...stylesFetch(attributes.get("style") ?? ""),
    ];
}

function stylesFetch(styles: string): string[] {
    return [...styles.matchAll(FETCHED)].map(([, url = ""]) => url);
}
