import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readFederation } from "../../stacks/config/federation/read.ts";
import { twoSites } from "../interconnect/support/federations.ts";

describe("a federation to join", () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-federation-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: unknown) => {
        const path = join(folder, name);
        writeFileSync(path, stringify(content));
        return path;
    };

    it("is read from a file of its own and from a stack's", () => {
        expect(readFederation(folder, file("federation.yaml", twoSites()))).toEqual(twoSites());
        file("Pulumi.shared.yaml", { config: { "sallyport:federation": { ...twoSites(), site: "b" } } });
        expect(readFederation(folder, "shared")).toEqual(twoSites());
    });

    it("is refused with every mistake, in form and in what it says, by its path", () => {
        const formless = { ...twoSites(), sites: [{ name: "a", owner: 1, cities: [] }] };
        expect(() => readFederation(folder, file("formless.yaml", formless))).toThrow(
            /\n {2}sites\[0\]\.owner: .*\n {2}sites\[0\]\.nodes: .*\n {2}sites\[0\]\.cities: /,
        );
        const senseless = { ...twoSites(), intentions: [{ from: "forge", to: "nobody" }] };
        expect(() => readFederation(folder, file("senseless.yaml", senseless))).toThrow(
            /\n {2}intentions\[0\]\.to: "nobody" is not a service/,
        );
    });

    it("is missed where there is none, with what to write", () => {
        expect(() => readFederation(folder, "elsewhere")).toThrow("is neither a file nor a stack of this project");
        file("Pulumi.empty.yaml", { config: {} });
        expect(() => readFederation(folder, "empty")).toThrow("sallyport:federation: is missing");
    });
});
