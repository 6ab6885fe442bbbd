import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Owner } from "../../cli/swarm/owner.ts";
import { foreignNames } from "../../cli/swarm/ownership.ts";
import { publishedNames } from "../../cli/swarm/published.ts";
import { publisherText } from "../../components/swarm/exposureName.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { call, startEmulator, zoneId } from "../emulator/support.ts";
import { OWNER } from "./support/owner.ts";

let emulator: CloudflareEmulator;
let owner: Owner;
beforeEach(async () => {
    emulator = await startEmulator();
    owner = { ...OWNER, zoneId, api: { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken } };
});
afterEach(() => emulator[Symbol.asyncDispose]());

const HOSTNAME = "web-dev.example.com";
const record = (more: object) =>
    call(emulator, "POST", `/zones/${zoneId}/dns_records`, {
        ...{ name: HOSTNAME, type: "CNAME", content: "elsewhere.example.net", proxied: true, ttl: 1 },
        ...more,
    });
const comment = (stack: string, exposure: string, revision = "0123456789") =>
    `${publisherText({ owner: stack, exposure, revision })}, aud 01234567`;

describe("a host name in the zone", () => {
    it("that is free, or the exposure's own, is nobody else's", async () => {
        expect(await foreignNames(owner, [HOSTNAME], "web")).toEqual([]);
        await record({ comment: comment("staging", "web") });
        expect(await foreignNames(owner, [HOSTNAME, HOSTNAME], "web")).toEqual([]);
    });

    it("that a person put there is told with type, content and comment", async () => {
        await record({ type: "A", content: "192.0.2.7", comment: "Ada's" });
        expect(await foreignNames(owner, [HOSTNAME, "free-dev.example.com"], "web")).toEqual([
            {
                path: "sallyport.hostname",
                reason: expect.stringContaining(
                    `"${HOSTNAME}" belongs to somebody else in the zone (A 192.0.2.7, comment "Ada's").`,
                ),
            },
        ]);
    });

    it.each([
        ["another stack", comment("prod", "web")],
        ["another exposure of the stack", comment("staging", "another")],
        ["a stack whose name begins alike", comment("staging-2", "web")],
        ["nobody who says so", null],
    ])("that belongs to %s is not touched either", async (_, said) => {
        await record({ comment: said });
        expect(await foreignNames(owner, [HOSTNAME], "web")).toHaveLength(1);
    });

    it("may have records of other kinds beside it", async () => {
        await record({ type: "TXT", content: '"v=spf1 -all"', proxied: false, comment: null });
        expect(await foreignNames(owner, [HOSTNAME], "web")).toEqual([]);
    });
});

describe("what a stack's labels published", () => {
    it("is read from the zone, without what other stacks and people have there", async () => {
        await record({ comment: comment("staging", "web", "aaaaaaaaaa") });
        await record({ name: "wiki.example.com", comment: comment("staging", "wiki", "bbbbbbbbbb") });
        await record({ name: "a-dev.example.com", comment: comment("prod", "web") });
        await record({ name: "b-dev.example.com", comment: comment("staging-2", "web") });
        await record({ name: "c-dev.example.com", comment: "Sallyport staging is what I wait for" });
        const names = await publishedNames(owner);
        expect(names.toSorted((a, b) => (a.hostname < b.hostname ? -1 : 1))).toEqual([
            { hostname: HOSTNAME, owner: "staging", exposure: "web", revision: "aaaaaaaaaa" },
            { hostname: "wiki.example.com", owner: "staging", exposure: "wiki", revision: "bbbbbbbbbb" },
        ]);
    });
});
