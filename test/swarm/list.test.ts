import { describe, expect, it } from "vitest";
import { exposureFile } from "../../cli/swarm/exposureFile.ts";
import { listServices } from "../../cli/swarm/list.ts";
import { rowsOf } from "../../cli/swarm/ls.ts";
import { exposureName, publisherOf, publisherText } from "../../components/swarm/exposureName.ts";
import { labels, service } from "./support/labelled.ts";
import { OWNER } from "./support/owner.ts";

const web = service("shop_web");
const name = exposureName("shop_web");
const published = (revision?: string, exposure = name) => ({
    hostname: "web-dev.example.com",
    owner: "staging",
    exposure,
    ...(revision === undefined ? {} : { revision }),
});
const statesOf = (...args: Parameters<typeof listServices> extends [unknown, ...infer Rest] ? Rest : never) =>
    listServices(OWNER, ...args).map(({ service: one, state }) => [one, state]);

describe("a labelled service", () => {
    it("is exposed once all its names are published as its labels say now, and pending before", () => {
        const { revision } = exposureFile(OWNER, web);
        expect(statesOf([web], [published(revision)], [name])).toEqual([["shop_web", "exposed"]]);
        expect(statesOf([web], [], [])).toEqual([["shop_web", "pending"]]);
        expect(statesOf([web], [published("0000000000")], [name])).toEqual([["shop_web", "pending"]]);
        expect(statesOf([web], [published(revision, "another")], [name, "another"])).toEqual([
            ["another", "orphaned"],
            ["shop_web", "pending"],
        ]);
        const second = { ...labels({ "sallyport.0.path": "/a", "sallyport.1.hostname": "wiki.example.com" }) };
        const both = service("shop_web", { labels: second });
        expect(statesOf([both], [published(exposureFile(OWNER, both).revision)], [name])).toEqual([
            ["shop_web", "pending"],
        ]);
    });

    it("is orphaned by a service that went, whether its stack is left, its record or both", () => {
        expect(statesOf([], [published()], [])).toEqual([[name, "orphaned"]]);
        expect(statesOf([], [], [name])).toEqual([[name, "orphaned"]]);
        expect(statesOf([], [published()], [name])).toEqual([[name, "orphaned"]]);
    });

    it("keeps a name that it has published against an older service that claims it now", () => {
        const older = service("older", { createdAt: "2020-01-01T00:00:00Z" });
        const { revision } = exposureFile(OWNER, web);
        expect(statesOf([older, web], [published(revision)], [name])).toEqual([
            ["older", "refused"],
            ["shop_web", "exposed"],
        ]);
    });

    it("that is refused has each reason on a line of its own", () => {
        const bad = service("bad", { labels: labels({ "sallyport.port": "0", "sallyport.audience": "admins" }) });
        expect(rowsOf(listServices(OWNER, [bad], [], []))).toEqual([
            ["bad", "refused", "", "", expect.stringMatching(/^sallyport\.port: /)],
            ["", "", "", "", expect.stringMatching(/^sallyport\.audience: "admins" is no audience/)],
        ]);
    });
});

describe("the comment of a record", () => {
    it("tells whose the name is, and what it was published from", () => {
        for (const publisher of [
            { owner: "staging", exposure: name, revision: "0123456789" },
            { owner: "my_stack-2", exposure: "a" },
        ]) {
            expect(publisherOf(`${publisherText(publisher)}, aud 01234567 +2`)).toEqual(publisher);
        }
    });

    it.each([
        "",
        "Guarded by Access, aud 0123",
        "Sallyport staging",
        "Sallyport staging/web",
        "x Sallyport a/b, aud 0",
    ])("of somebody else is none of ours: %j", (comment) => expect(publisherOf(comment)).toBeUndefined());
});
