import { Buffer } from "node:buffer";
import { at, text } from "./values.ts";

/**
 * What a `docker.ServiceConfig` carries: its `data` is base64 as in Docker's API, its `dataRaw` plain. Empty if not
 * known yet.
 */
export function carriedText(props: Readonly<Record<string, unknown>>): string {
    const raw = text(at(props, "dataRaw"));
    if (raw !== undefined) return raw;
    return Buffer.from(text(at(props, "data")) ?? "", "base64").toString("utf8");
}
