import { createRequire } from "node:module";
import type { TraefikSetting } from "./settings.ts";

const require = createRequire(import.meta.url);

/** What only Traefik's files hold at their top level; `log`, `api` and `tls` are other programs' as well. */
const OWN_SECTIONS = ["entrypoints", "providers", "serverstransport", "certificatesresolvers", "http", "tcp", "udp"];

/** A quick look before a file is read in full: whatever a rule might object to has one of these words. */
const WORTH_READING = /insecure|debug|trace|exposedByDefault|providers|keyFile/i;

/**
 * The settings of a file of Traefik's, in YAML, JSON or TOML; none for any other file. One that is half a template, which
 * Traefik takes as a routing file, is read line by line, each option by its last name alone.
 *
 * @param name path or name of the file: Traefik's own is known by it where its sections could be another program's
 */
export function settingsInFile(text: string, name: string): TraefikSetting[] {
    if (!WORTH_READING.test(text)) return [];
    const document = parsed(text);
    if (document === undefined) return linesOf(text);
    const sections = Object.keys(document).map((key) => key.toLowerCase());
    const own = /traefik/i.test(name) || sections.some((section) => OWN_SECTIONS.includes(section));
    return own ? flattened(document, "") : [];
}

/** The readers are loaded where there is something to read: most stacks carry no such file, and each run of the pack would pay. */
function parsed(text: string): object | undefined {
    const { parse: parseYaml } = require("yaml") as typeof import("yaml");
    const { parse: parseToml } = require("smol-toml") as typeof import("smol-toml");
    for (const read of [() => parseYaml(text), () => parseToml(text)]) {
        const document = attempt(read);
        if (typeof document === "object" && document !== null) return document;
    }
    return undefined;
}

/** A text may be anything, and each reader has errors of its own for what it cannot read. */
function attempt(read: () => unknown): unknown {
    try {
        return read();
    } catch {
        return undefined;
    }
}

function linesOf(text: string): TraefikSetting[] {
    return [...text.matchAll(/^[\s-]*["']?(\w+)["']?\s*[:=]\s*["']?([^\s"'#]*)/gm)].map(
        ([, option = "", value = ""]) => ({
            option: option.toLowerCase(),
            value,
        }),
    );
}

/** Every option with its value, sections included, so that an empty one (`docker: {}`) is seen as well. */
function flattened(value: unknown, option: string): TraefikSetting[] {
    if (Array.isArray(value)) return value.flatMap((element) => flattened(element, option));
    if (typeof value !== "object" || value === null) return [{ option, value: value == null ? "" : String(value) }];
    const inner = Object.entries(value).flatMap(([key, member]) =>
        flattened(member, option === "" ? key.toLowerCase() : `${option}.${key.toLowerCase()}`),
    );
    return option === "" ? inner : [{ option, value: "" }, ...inner];
}
