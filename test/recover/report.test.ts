import { describe, expect, it } from "vitest";
import type { RecoveryPlan } from "../../cli/recover/plan.ts";
import { planReport } from "../../cli/recover/report.ts";

const empty: RecoveryPlan = {
    stack: "staging",
    recovered: [],
    replaced: [],
    doubtful: [],
    updated: [],
    created: [],
    violations: [],
};
const tunnel = {
    resource: "tunnel-tunnel",
    type: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    id: "c0ffee",
    object: 'tunnel "sallyport-staging"',
    reason: "a record names it",
};

describe("what a person reads of a recovery", () => {
    it("names what was found, why it is the stack's, what changes in it, what is new and what is lost", () => {
        const text = planReport({
            ...empty,
            recovered: [tunnel],
            updated: [tunnel],
            replaced: [{ ...tunnel, object: 'service token "staging-ci"' }],
            created: [{ resource: "wiki", type: "cloudflare:index/dnsRecord:DnsRecord" }],
        });
        expect(text.trimEnd().split("\n")).toEqual([
            "staging: 1 object found, with ids that stay",
            '  tunnel "sallyport-staging" c0ffee (a record names it, and is changed to what the program declares)',
            "",
            "Replaced, since nobody tells their secrets twice: hand out the new ones",
            '  service token "staging-ci" c0ffee (a record names it)',
            "",
            "Made anew",
            "  wiki (DnsRecord)",
        ]);
    });

    it("names what is in doubt, and what to say about it; a name cannot end a line", () => {
        const text = planReport({ ...empty, doubtful: [{ ...tunnel, object: "tunnel\nall well" }] });
        expect(text).toContain("  tunnel all well c0ffee, where tunnel-tunnel would be: a record names it\n");
        expect(text).toMatch(/Nothing was changed\. .*--own ID.*--leave ID/);
    });

    it("says so where nothing is missing", () => {
        expect(planReport(empty)).toBe("staging: the state has everything");
    });
});
