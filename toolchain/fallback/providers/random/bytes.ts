/** RandomBytes, RandomId and RandomUuid: bytes in different clothes. */
import { randomBytes as draw, randomUUID } from "node:crypto";
import { atLeast, numberOf, randomResource, stringOf } from "./resource.ts";

/** The id is the value itself, in base64 and in clear, as with the official provider: keep nothing secret in it. */
export const randomBytes = randomResource({
    computed: ["base64", "hex"],
    secrets: ["base64", "hex"],
    check: (inputs) => atLeast(inputs, "length", 1),
    create: (inputs) => {
        const bytes = draw(numberOf(inputs, "length"));
        return { id: bytes.toString("base64"), outputs: { ...inputs, ...encodings(bytes) } };
    },
    import: (id) => {
        const bytes = Buffer.from(id, "base64");
        return { length: bytes.length, ...encodings(bytes) };
    },
});

function encodings(bytes: Buffer) {
    return { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
}

export const randomId = randomResource({
    computed: ["b64Std", "b64Url", "dec", "hex"],
    check: (inputs) => atLeast(inputs, "byteLength", 1),
    create: (inputs) => {
        const bytes = draw(numberOf(inputs, "byteLength"));
        const id = bytes.toString("base64url");
        return { id, outputs: { ...inputs, id, ...prefixedEncodings(bytes, stringOf(inputs, "prefix")) } };
    },
    /** `<base64url>` or `<prefix>,<base64url>`. */
    import: (imported) => {
        const comma = imported.lastIndexOf(",");
        const prefix = imported.slice(0, Math.max(comma, 0));
        const id = imported.slice(comma + 1);
        const bytes = Buffer.from(id, "base64url");
        return {
            id,
            byteLength: bytes.length,
            ...(prefix && { prefix }),
            ...prefixedEncodings(bytes, prefix),
        };
    },
});

function prefixedEncodings(bytes: Buffer, prefix: string) {
    const hex = bytes.toString("hex");
    return {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
    };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const randomUuid = randomResource({
    computed: ["result"],
    check: () => [],
    create: (inputs) => {
        const id = randomUUID();
        return { id, outputs: { ...inputs, id, result: id } };
    },
    import: (id) => (UUID.test(id) ? { id, result: id } : undefined),
});
