import { Buffer } from "node:buffer";
import type { Resource } from "./rule.ts";
import { Token } from "./tokens.ts";
import { at, knownItems, text } from "./values.ts";

/** A file that a resource brings into a container, its text known. */
export interface CarriedFile {
    /** The resource, and the file where it carries several, as the subject of a sentence. */
    readonly subject: string;
    /** Where the container finds it; `undefined` where another resource says so. */
    readonly path: string | undefined;
    readonly text: string;
}

/** The files that a `docker.ServiceConfig` or a `docker.Container` (its `uploads`) carries, as far as they are known. */
export function carriedFiles(resource: Resource): CarriedFile[] {
    const { name, type, props } = resource;
    if (type === Token.serviceConfig) {
        const carried = carriedText(props);
        return carried === "" ? [] : [{ subject: `Service config '${name}'`, path: undefined, text: carried }];
    }
    if (type !== Token.container) return [];
    return knownItems(at(props, "uploads")).flatMap((upload) => {
        const carried = text(at(upload, "content")) ?? decoded(at(upload, "contentBase64"));
        const path = text(at(upload, "file"));
        const called = path === undefined ? "" : ` "${path}"`;
        return carried === "" ? [] : [{ subject: `Upload${called} of container '${name}'`, path, text: carried }];
    });
}

/**
 * What a `docker.ServiceConfig` carries: its `data` is base64 as in Docker's API, its `dataRaw` plain. Empty if not
 * known yet.
 */
export function carriedText(props: Readonly<Record<string, unknown>>): string {
    return text(at(props, "dataRaw")) ?? decoded(at(props, "data"));
}

function decoded(base64: unknown): string {
    return Buffer.from(text(base64) ?? "", "base64").toString("utf8");
}
