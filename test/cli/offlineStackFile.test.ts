import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withoutSecrets } from "../../cli/preview/offline.ts";

describe("a preview without credentials", () => {
    it("puts a placeholder for each encrypted value and asks no secrets provider", () => {
        const text = [
            "secretsprovider: awskms://alias/pulumi",
            "encryptedkey: AQICAHg",
            "config:",
            "  cloudflare:apiToken:",
            "    secure: v1:abc:def",
            "  sallyport:apps:",
            "    - name: grafana",
            "      note:",
            "        secure: v1:ghi",
        ].join("\n");
        expect(parse(withoutSecrets(text))).toEqual({
            config: {
                "cloudflare:apiToken": "not-decrypted-offline",
                "sallyport:apps": [{ name: "grafana", note: "not-decrypted-offline" }],
            },
        });
    });
});
