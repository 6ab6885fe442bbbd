import { readIfThere } from "../files.ts";

/** What the demo service writes down once it listens. */
export interface DemoDescription {
    readonly pid: number;
    /** On loopback; taken again by the next process, so that the stack sees no change. */
    readonly port: number;
}

export function readDescription(file: string): DemoDescription | undefined {
    const text = readIfThere(file);
    return text === undefined ? undefined : (JSON.parse(text) as DemoDescription);
}
