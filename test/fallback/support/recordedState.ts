/** What the official providers keep of TLS and random resources; private keys are left out of the recording. */
import { readFileSync } from "node:fs";

export interface RecordedResource {
    readonly type: string;
    readonly name: string;
    readonly id: string;
    readonly inputs: Readonly<Record<string, unknown>> | null;
    readonly outputs: Readonly<Record<string, unknown>>;
}

const recorded: RecordedResource[] = JSON.parse(
    readFileSync(new URL("../fixtures/tls-random-state.json", import.meta.url), "utf8"),
);

/** @param name logical name in the recorded program */
export function recordedState(name: string): RecordedResource {
    const found = recorded.find((resource) => resource.name === name);
    if (found === undefined) {
        throw new Error(`'${name}' is not in the recording`);
    }
    return found;
}

/** Names of outputs, and which of them are secret. */
export function shapeOf(outputs: Readonly<Record<string, unknown>>, isSecret: (value: unknown) => boolean): string[] {
    return Object.entries(outputs)
        .map(([name, value]) => (isSecret(value) ? `${name} (secret)` : name))
        .sort();
}

export function isRecordedSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && "(secret)" in value;
}
