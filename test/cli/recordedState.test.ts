import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SECRET, SIGNATURE } from "../../cli/engine/marks.ts";
import { readRecordedState } from "../../cli/preview/recordedState.ts";

const urn = "urn:pulumi:staging::sallyport::random:index/randomBytes:RandomBytes::secret";

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-recorded-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(content: string) {
    const file = join(folder, "state.json");
    writeFileSync(file, content);
    return readRecordedState(file, "staging");
}

const state = (deployment: object) => JSON.stringify({ version: 3, deployment });
const secret = { [SIGNATURE]: SECRET, ciphertext: "v1:abc:def" };

describe("a recorded state", () => {
    it("keeps what is no secret, and needs nothing that decrypts the rest", () => {
        const recorded = read(
            state({
                manifest: { version: "v3.250.0" },
                secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } },
                resources: [{ urn, type: "t", inputs: { length: 32, nested: [{ key: secret }] } }],
            }),
        );
        expect(recorded.deployment).toEqual({
            manifest: { version: "v3.250.0" },
            resources: [
                {
                    urn,
                    type: "t",
                    inputs: {
                        length: 32,
                        nested: [{ key: { [SIGNATURE]: SECRET, plaintext: '"not-decrypted-offline"' } }],
                    },
                },
            ],
        });
    });

    it.each([
        ["is no JSON", "resources:", /cannot be read as JSON/],
        ["has another version", JSON.stringify({ version: 4, deployment: {} }), /version is not 3/],
        ["has no deployment", JSON.stringify({ version: 3 }), /deployment/],
        [
            "is another stack's",
            state({ resources: [{ urn: urn.replace("staging", "prod"), type: "t" }] }),
            /not of the stack staging/,
        ],
    ])("is refused where it %s", (_, content, message) => {
        expect(() => read(content)).toThrow(message);
    });
});
