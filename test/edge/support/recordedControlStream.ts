import recording from "../fixtures/controlStream.json" with { type: "json" };

/** What an unmodified cloudflared 2025.2.0 sent, from its first message to its last. */
export const RECORDED_MESSAGES: readonly { readonly name: string; readonly bytes: Buffer }[] = recording.messages.map(
    ({ name, hex }) => ({ name, bytes: Buffer.from(hex, "hex") }),
);

export const RECORDED_STREAM = Buffer.concat(RECORDED_MESSAGES.map(({ bytes }) => bytes));

export function recordedMessage(name: string): Buffer {
    const message = RECORDED_MESSAGES.find((candidate) => candidate.name === name);
    if (message === undefined) {
        throw new Error(`no message "${name}" was recorded`);
    }
    return message.bytes;
}
