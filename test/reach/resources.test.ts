import { describe, expect, it } from "vitest";
import { SECRET, SIGNATURE, UNKNOWN_TEXT } from "../../cli/engine/marks.ts";
import {
    type PreviewStep,
    resourcesOfPreview,
    resourcesOfState,
    type SerializedResource,
} from "../../cli/reach/resources.ts";
import { UNKNOWN } from "../../policy/values.ts";

const type = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";

function resource(name: string, more: Partial<SerializedResource> = {}): SerializedResource {
    return { urn: `urn:pulumi:staging::sallyport::${type}::${name}`, type, id: `${name}-id`, ...more };
}

const names = (resources: readonly { name: string; id: string | undefined }[]) =>
    resources.map(({ name, id }) => `${name} ${id ?? "new"}`).toSorted();

describe("a preview's resources", () => {
    it("are those before and those after, whatever happens to each", () => {
        const steps: PreviewStep[] = [
            { op: "same", oldState: resource("same"), newState: resource("same") },
            { op: "create", newState: resource("created", { id: "" }) },
            { op: "update", oldState: resource("updated"), newState: resource("updated") },
            { op: "delete", oldState: resource("deleted") },
            // The engine marks what is replaced as soon as its replacement is planned.
            {
                op: "replace",
                oldState: resource("replaced", { delete: true }),
                newState: resource("replaced", { id: UNKNOWN_TEXT }),
            },
        ];
        const { before, after } = resourcesOfPreview(steps);
        expect(names(before)).toEqual([
            "deleted deleted-id",
            "replaced replaced-id",
            "same same-id",
            "updated updated-id",
        ]);
        expect(names(after)).toEqual(["created new", "replaced new", "same same-id", "updated updated-id"]);
    });
});

describe("a state's resources", () => {
    it("count in place of what waits to be deleted", () => {
        const pending = resource("policy", { id: "old", delete: true });
        for (const resources of [
            [pending, resource("policy")],
            [resource("policy"), pending],
        ]) {
            expect(names(resourcesOfState(resources))).toEqual(["policy policy-id"]);
        }
        expect(names(resourcesOfState([pending]))).toEqual(["policy old"]);
    });

    it("show neither secrets nor what is not known yet as values, and old type tokens as those of today", () => {
        const [read] = resourcesOfState([
            resource("policy", {
                type: "cloudflare:index/accessPolicy:AccessPolicy",
                inputs: {
                    name: UNKNOWN_TEXT,
                    includes: [{ email: { [SIGNATURE]: SECRET, ciphertext: "v1:x" } }],
                },
                propertyDependencies: { includes: null, name: ["urn"] },
            }),
        ]);
        expect(read).toMatchObject({
            type,
            props: { name: UNKNOWN, includes: [{ email: "[secret]" }] },
            dependencies: { includes: [], name: ["urn"] },
        });
    });
});
