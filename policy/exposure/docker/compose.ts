import { at, keys, shown, UNKNOWN } from "../../values.ts";
import { yamlDocuments } from "../../yamlDocuments.ts";
import { valuesAt } from "../paths.ts";

/** What looks like a Compose file: the services of one, at the beginning of a line, which may be indented with its file. */
const LOOKS_LIKE_COMPOSE = /^[ \t]*services:/m;

/** A here-document of a shell script, with its body as the second group. */
const HERE_DOCUMENT = /<<-?\s*["']?(\w+)["']?[^\n]*\n(.*?)\n[ \t]*\1[ \t]*$/gms;

/**
 * What the Compose files in a text open (compose-spec.io, `ports` and `network_mode`): the text itself, here-documents
 * in it, or the files that cloud-init writes. Each as the end of a sentence.
 */
export function composeOpenings(script: string): readonly string[] {
    if (!LOOKS_LIKE_COMPOSE.test(script)) return [];
    const bodies = [...script.matchAll(HERE_DOCUMENT)].map(([, , body = ""]) => body);
    return [script, ...bodies].flatMap(yamlDocuments).flatMap((document) => {
        const written = valuesAt(document, "write_files[].content").filter((content) => typeof content === "string");
        return [...openingsOf(document), ...written.flatMap(composeOpenings)];
    });
}

/** What a Compose document opens; nothing for anything else. */
function openingsOf(document: unknown): readonly string[] {
    const services = at(document, "services");
    return keys(services).flatMap((name) => {
        const service = at(services, name);
        const published = valuesAt(service, "ports[]").map(
            (port) => `publishes ${portCalled(port)} of the Compose service '${name}'`,
        );
        const mode = at(service, "network_mode");
        return mode === "host" ? [...published, `puts the Compose service '${name}' on the host's network`] : published;
    });
}

function portCalled(port: unknown): string {
    if (port === UNKNOWN || typeof port !== "object" || port === null) return `port ${shown(port)}`;
    return `port ${shown(at(port, "published") ?? at(port, "target"))}`;
}
