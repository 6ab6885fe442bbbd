import { describe, expect, it } from "vitest";
import { resourcesOfPreview } from "../../cli/reach/resources.ts";

const urn = "urn:pulumi:staging::sallyport::cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy::staff";
const type = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
const state = { urn, type, inputs: {} };

describe("the id of a resource after a preview, which plans write down nowhere", () => {
    const idAfter = (op: string) =>
        resourcesOfPreview([{ op, oldState: { ...state, id: "policy" }, newState: state }]).after.map(({ id }) => id);

    it.each(["same", "update", "refresh"])("is the one that it has where it stays (%s)", (op) => {
        expect(idAfter(op)).toEqual(["policy"]);
    });

    it.each(["replace", "create-replacement"])("is unknown where it is made anew (%s)", (op) => {
        expect(idAfter(op)).toEqual([undefined]);
    });
});
