import { describe, expect, it } from "vitest";
import type { DeclaredResource } from "../../cli/reach/resources.ts";
import { kindOf } from "../../cli/recover/kinds.ts";
import { AccountSearch } from "../../cli/recover/search.ts";
import { UNKNOWN } from "../../policy/values.ts";
import { RESOURCES } from "../../toolchain/fallback/providers/cloudflare/index.ts";
import { apiPlaceOf } from "../../toolchain/fallback/providers/cloudflare/places.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";

const account = `/accounts/${accountId}`;

function declared(
    is: string,
    props: DeclaredResource["props"],
    dependencies: DeclaredResource["dependencies"] = {},
): DeclaredResource {
    const type = `cloudflare:index/${is.charAt(0).toLowerCase()}${is.slice(1)}:${is}`;
    return {
        urn: `urn:pulumi:staging::sallyport::${type}::${is}`,
        type,
        name: is,
        id: undefined,
        parent: undefined,
        props,
        dependencies,
    };
}

describe("what stands where a resource would be made", () => {
    it("is found by what the API is asked, with what only the object itself tells, and what was deleted is not", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
        const make = async (path: string, body: object) =>
            (await call(emulator, "POST", path, body)).result.id as string;
        const tunnel = { name: "sallyport-staging", config_src: "cloudflare" };
        const gone = await make(`${account}/cfd_tunnel`, tunnel);
        await call(emulator, "DELETE", `${account}/cfd_tunnel/${gone}`);
        const there = await make(`${account}/cfd_tunnel`, tunnel);
        await make(`${account}/cfd_tunnel`, { ...tunnel, name: "another" });
        await call(emulator, "PUT", `${account}/cfd_tunnel/${there}/configurations`, {
            config: { ingress: [{ service: "http_status:418" }] },
        });
        const props = { accountId, name: "sallyport-staging", configSrc: "cloudflare", tunnelSecret: "[secret]" };
        const found = await new AccountSearch(api).candidates([declared("ZeroTrustTunnelCloudflared", props)]);
        expect(found).toMatchObject([{ id: there, importId: `${accountId}/${there}`, isWhollyKnown: false }]);
        expect(found[0]?.text).toContain("http_status:418");
    });

    it("is every record that keeps a name from being published, and no other", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
        const record = { name: "wiki.example.com", type: "A", content: "192.0.2.1", proxied: false, ttl: 300 };
        const { result } = await call(emulator, "POST", `/zones/${zoneId}/dns_records`, record);
        await call(emulator, "POST", `/zones/${zoneId}/dns_records`, { ...record, type: "TXT", content: '"v=spf1"' });
        const wanted = { zoneId, name: "wiki.example.com", type: "CNAME", content: UNKNOWN };
        const found = await new AccountSearch(api).candidates([declared("DnsRecord", wanted)]);
        expect(found.map(({ id }) => id)).toEqual([result.id]);
    });

    it("is found in one reading of its list for all resources of a kind", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
        const policy = { decision: "allow", include: [{ email_domain: { domain: "example.com" } }] };
        for (const name of ["a", "b"]) await call(emulator, "POST", `${account}/access/policies`, { ...policy, name });
        const asked = emulator.requests.length;
        const wanted = ["a", "b"].map((name) => declared("ZeroTrustAccessPolicy", { accountId, name }));
        expect(await new AccountSearch(api).candidates(wanted)).toHaveLength(2);
        expect(emulator.requests.slice(asked).map(({ path }) => path)).toEqual(
            Array(2).fill(expect.stringMatching(/\/access\/policies/)),
        );
    });

    it("is what belongs to an object that was found, where it is there", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
        const application = declared("ZeroTrustAccessApplication", {});
        const authority = declared(
            "ZeroTrustAccessShortLivedCertificate",
            { accountId, appId: UNKNOWN },
            { appId: [application.urn] },
        );
        const ssh = { name: "bastion", type: "self_hosted", domain: "bastion.example.com" };
        const { id } = (await call(emulator, "POST", `${account}/access/apps`, ssh)).result;
        const belongings = () =>
            new AccountSearch(api).belongings([application, authority], new Map([[application.urn, id]]));
        expect(await belongings()).toEqual([]);
        await call(emulator, "POST", `${account}/access/apps/${id}/ca`);
        expect(await belongings()).toMatchObject([{ declared: authority, importId: `accounts/${accountId}/${id}` }]);
    });
});

describe("the kinds of objects", () => {
    /** No component makes one of these. */
    const MADE_BY_NOBODY = [
        "ZeroTrustAccessCustomPage",
        "ZeroTrustDevicePostureIntegration",
        "ZeroTrustTunnelWarpConnector",
        "Zone",
    ];

    it("that can be made twice are all looked for", () => {
        const types = Object.keys(RESOURCES).map((name) => ({ name, type: declared(name, {}).type }));
        const overlooked = types.filter(({ type }) => apiPlaceOf(type)?.single === false && kindOf(type) === undefined);
        expect(overlooked.map(({ name }) => name).toSorted()).toEqual(MADE_BY_NOBODY);
    });

    it("are Cloudflare's: nothing else is looked for in an account", () => {
        expect(kindOf("random:index/dnsRecord:DnsRecord")).toBeUndefined();
        expect(apiPlaceOf("docker:index/dnsRecord:DnsRecord")).toBeUndefined();
        expect(kindOf("cloudflare:index/constructor:constructor")).toBeUndefined();
    });
});
