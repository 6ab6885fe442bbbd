import { x25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { keyPairOf, presharedKeyOf, publicKeyProblem } from "../../../components/interconnect/wireguard/keys.ts";

describe("the keys of a mesh", () => {
    it("are Curve25519 keys in WireGuard's text form, as another implementation computes them", () => {
        const { privateKey, publicKey } = keyPairOf("some random text");
        const bytes = Buffer.from(privateKey, "base64");
        expect(bytes).toHaveLength(32);
        expect([(bytes[0] ?? 1) & 7, (bytes[31] ?? 0) & 192]).toEqual([0, 64]);
        expect(Buffer.from(x25519.getPublicKey(bytes)).toString("base64")).toBe(publicKey);
        expect(publicKeyProblem(publicKey)).toBeUndefined();
    });

    it("are others for another text", () => {
        expect(keyPairOf("one").publicKey).not.toBe(keyPairOf("other").publicKey);
    });

    it("that a pair shares are the same on both sides, and others for every pair, key and secret", () => {
        const [one, other, third] = ["one", "other", "third"].map((text) => keyPairOf(text).publicKey) as [
            string,
            string,
            string,
        ];
        const shared = presharedKeyOf("secret", one, other);
        expect(presharedKeyOf("secret", other, one)).toBe(shared);
        expect(Buffer.from(shared, "base64")).toHaveLength(32);
        expect(
            new Set([shared, presharedKeyOf("secret", one, third), presharedKeyOf("another", one, other)]).size,
        ).toBe(3);
    });

    it.each(["", "abc", `${"A".repeat(43)}B`, `${"A".repeat(42)}B=`, `${"A".repeat(42)}-=`])(
        "are refused as public ones: %s",
        (key) => {
            expect(publicKeyProblem(key)).toContain("is not a public key");
        },
    );
});
