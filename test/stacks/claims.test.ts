import { describe, expect, it } from "vitest";
import { claimIssues } from "../../stacks/config/claims.ts";
import { CERTIFICATE } from "../components/fixtures.ts";
import { environment } from "./support/identityStack.ts";

const app = (hostname: string) => ({ name: "app", hostname, service: "http://app:80", audience: ["staff"] });
const network = (range: string, more: object = {}) => ({
    name: "lab",
    networks: [range],
    grants: [{ audience: "staff" }],
    ...more,
});
const cluster = (hostname: string) => ({
    name: "east",
    hostname,
    server: "https://10.0.0.5:6443",
    certificateAuthority: CERTIFICATE,
    audience: ["staff"],
    connector: { kind: "manifests" },
});

/** A stack of the same account with an app at a name of its own, and whatever else is given. */
function stackNamed(stack: string, more: object = {}) {
    const made = environment({ emails: ["ada@example.com"] }, { apps: [app(`${stack}.example.com`)], ...more });
    return { ...made, stack, tunnel: { ...made.tunnel, name: made.tunnel.name.replace("staging", stack) } };
}

describe("stacks that share an account and a zone", () => {
    it("have no issue with names and addresses of their own", () => {
        const [red, blue] = ["red", "blue"].map((name, index) =>
            stackNamed(name, { privateNetworks: [network(`10.${index}.0.0/16`)] }),
        );
        expect(claimIssues(red ?? stackNamed("red"), [blue ?? stackNamed("blue")])).toEqual([]);
    });

    it("are told of a host name that another stack serves, as an app or as a cluster", () => {
        const blue = stackNamed("blue", { clusters: [cluster("east.example.com")] });
        const red = stackNamed("red", {
            apps: [app("fine.example.com"), { ...app("blue.example.com"), name: "second" }],
            clusters: [cluster("east.example.com")],
        });
        expect(claimIssues(red, [blue])).toEqual([
            {
                path: "sallyport:apps[1].hostname",
                reason: '"blue.example.com" is already served by the stack "blue". Write another name, or remove it there.',
            },
            {
                path: "sallyport:clusters[0].hostname",
                reason: '"east.example.com" is already served by the stack "blue". Write another name, or remove it there.',
            },
        ]);
        const inOtherZone = { ...blue, zone: { name: "example.org" } };
        expect(claimIssues(red, [inOtherZone])).toEqual([]);
    });

    it("are told of another stack's tunnel", () => {
        const blue = stackNamed("blue");
        expect(claimIssues({ ...stackNamed("red"), tunnel: blue.tunnel }, [blue])).toEqual([
            {
                path: "sallyport:tunnel.name",
                reason: '"sallyport-blue" is already the tunnel of the stack "blue". Write another name, or leave the key out.',
            },
        ]);
    });

    it("are told of addresses that another stack routes, unless a virtual network of their own keeps them apart", () => {
        const blue = stackNamed("blue", { privateNetworks: [network("10.1.0.0/16")] });
        const red = (more: object = {}) =>
            stackNamed("red", {
                privateNetworks: [network("10.9.0.0/16"), network("10.1.2.0/24", { name: "b", ...more })],
            });
        expect(claimIssues(red(), [blue])).toEqual([
            {
                path: "sallyport:privateNetworks[1].networks[0]",
                reason: '"10.1.2.0/24" overlaps "10.1.0.0/16" of the stack "blue". Write each address once in the account, or set ownVirtualNetwork.',
            },
        ]);
        expect(claimIssues(red({ ownVirtualNetwork: true }), [blue])).toEqual([]);
    });
});
