import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTER, type TwoSites, twoSites } from "./support/twoSites.ts";

const PORT = 389;

describe("two sites, one of them behind a router that translates addresses", () => {
    let sites: TwoSites;
    beforeAll(async () => {
        sites = await twoSites();
        const { a1, b1 } = sites.nodes;
        await a1.machine.serve("directory", PORT);
        await b1.machine.serve("git", PORT);
    });
    afterAll(() => sites[Symbol.asyncDispose]());

    it.each(["ipv4", "ipv6"] as const)("reach each other from the inside out alone, over %s", async (family) => {
        const { a1, a2, b1, b2 } = sites.nodes;
        const [directory, git] = [a1, b1].map((node) => ({ host: node[family], port: PORT }));
        if (directory === undefined || git === undefined) throw new Error("two services");
        const answer = { line: "directory on a1: whoami" };
        expect(await a2.machine.ask(directory)).toEqual(answer);
        expect(await b2.machine.ask(directory)).toEqual(answer);
        expect(await b2.machine.ask(git)).toEqual({ line: "git on b1: whoami" });
        expect(await a1.machine.ask(git, "whoami", 300)).toEqual({ refused: expect.any(String) });
        expect(await a1.machine.ask({ host: ROUTER[family], port: PORT }, "whoami", 300)).toEqual({
            refused: "no answer",
        });
    });

    it("shows what crosses between them, and not what stays within one", async () => {
        const { a1, b1, b2 } = sites.nodes;
        await using capture = await sites.capture();
        await b1.machine.ask({ host: a1.ipv6, port: PORT }, "in clear between the sites");
        await b2.machine.ask({ host: b1.ipv6, port: PORT }, "in clear within a site");
        const seen = await capture.end();
        expect(seen.includes("in clear between the sites")).toBe(true);
        expect(seen.includes("in clear within a site")).toBe(false);
    });

    it("breaks held connections where the router forgets its flows, and lets others through", async () => {
        const { a1, b1 } = sites.nodes;
        const target = { host: a1.ipv6, port: PORT };
        await using held = await b1.machine.hold(target);
        expect((await held.answers(3)).ended).toBeUndefined();
        await sites.rebindNat();
        expect((await held.ended()).ended).toBe("ECONNRESET");
        expect(await b1.machine.ask(target)).toEqual({ line: "directory on a1: whoami" });
    });

    it("loses a node and has it back", async () => {
        const { a1, a2 } = sites.nodes;
        const target = { host: a1.ipv6, port: PORT };
        await sites.setLink("a1", "down");
        expect(await a2.machine.ask(target, "whoami", 300)).toEqual({ refused: "no answer" });
        await sites.setLink("a1", "up");
        expect(await a2.machine.ask(target)).toEqual({ line: "directory on a1: whoami" });
    });
});
