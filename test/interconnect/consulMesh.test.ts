import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
    ConsulMesh,
    ConsulMeshAccess,
    type ConsulMeshAccessArgs,
    type ConsulMeshArgs,
    type Federation,
    type NodeFiles,
} from "../../components/index.ts";
import { loopbackAddresses } from "../../components/interconnect/consul/loopbackAddresses.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { twoSites as withoutEgress } from "./support/federations.ts";

const NODES = {
    a: [
        { name: "a1", address: "fd0a::1" },
        { name: "a2", address: "fd0a::2" },
    ],
    b: [
        { name: "b1", address: "10.1.0.1" },
        { name: "b2", address: "10.1.0.2" },
    ],
};

function twoSites(): Federation {
    const federation = withoutEgress();
    Object.assign(federation.sites[1] ?? {}, { egress: ["2001:db8:b::2"] });
    return federation;
}

/** What is drawn by chance, and what it stands for: by its SHA-256. */
const DRAWN = {
    "mesh-gossip": { result: "gossip of the test" },
    "mesh-management": { result: "management of the test" },
};
const GOSSIP_KEY = "ppSPtRO3T7XzgctZTHHJ2qi7JdNshUNNP5WwpfFhYNs=";
const MANAGEMENT = "fe86787a-673f-827c-86f6-ccb0fef8435d";
/** As Consul makes it, with a server's address inside. */
const TOKEN = { ServerAddresses: ["fd0a::1:8503"], ManualServerAddresses: ["[2001:db8:a::1]:8443"], PeerID: "id" };

const base = (site: "a" | "b", federation: Federation) => ({ federation, site, nodes: NODES[site] });

async function made(site: "a" | "b", changes: Partial<ConsulMeshArgs> = {}) {
    const { result, error, resources } = await deploy(
        () => new ConsulMesh("mesh", { ...base(site, twoSites()), ...changes }),
        { state: DRAWN },
    );
    expect(error).toBeUndefined();
    const mesh = result as ConsulMesh;
    const files = byPath(await promiseOf(mesh.hosts));
    const secretFiles = byPath(await promiseOf(mesh.secretFiles));
    return {
        mesh,
        resources,
        files,
        secretFiles,
        config: (node: string) => JSON.parse(files[`${node}:agent.json`] ?? ""),
    };
}

async function access(site: "a" | "b", changes: Partial<ConsulMeshAccessArgs> = {}) {
    const token = Buffer.from(JSON.stringify(TOKEN)).toString("base64");
    const { result, error, resources } = await deploy(
        () => new ConsulMeshAccess("access", { ...base(site, twoSites()), ...changes }),
        {
            state: { "access-accepts-b": { peeringToken: token } },
            calls: { "consul:index/getAclTokenSecretId:getAclTokenSecretId": { secretId: "s3cret" } },
        },
    );
    expect(error).toBeUndefined();
    const made = result as ConsulMeshAccess;
    const entries = Object.fromEntries(
        resources
            .filter(({ type }) => type === "consul:index/configEntry:ConfigEntry")
            .map(({ inputs: { kind, name, configJson } }) => [`${kind}/${name}`, JSON.parse(String(configJson))]),
    );
    return { access: made, resources, entries, secretFiles: byPath(await promiseOf(made.secretFiles)) };
}

/** Content by machine and last part of the path: `a1:agent.json`. */
function byPath(all: readonly NodeFiles[]): Record<string, string> {
    return Object.fromEntries(
        all.flatMap(({ node, files }) =>
            files.map(({ path, content }) => [`${node}:${path.split("/").at(-1)}`, content]),
        ),
    );
}

describe("a site's Consul", () => {
    it("denies whatever no token allows, and answers nobody but its own machine and its neighbours", async () => {
        const { config } = await made("a");
        expect(config("a1")).toMatchObject({
            datacenter: "a",
            bind_addr: "fd0a::1",
            client_addr: "127.0.0.1",
            acl: { enabled: true, default_policy: "deny" },
            ports: { serf_wan: -1, https: -1 },
            tls: { internal_rpc: { verify_incoming: true, verify_server_hostname: true } },
        });
        expect(config("a2")).toMatchObject({ server: false, retry_join: ["[fd0a::1]:8301"] });
    });

    it("has a server, or three where there are three machines, or those that are named", async () => {
        const servers = async (changes: Partial<ConsulMeshArgs>) => {
            const { files } = await made("a", changes);
            return Object.entries(files).flatMap(([path, text]) =>
                path.endsWith(":agent.json") && JSON.parse(text).server ? [path.split(":")[0]] : [],
            );
        };
        expect(await servers({})).toEqual(["a1"]);
        const [a1, a2] = NODES.a;
        if (a1 === undefined || a2 === undefined) throw new Error("two machines");
        expect(await servers({ nodes: [a1, { ...a2, server: true }] })).toEqual(["a2"]);
        const federation = twoSites();
        federation.sites[0]?.nodes.push(
            { name: "a3", address: "2001:db8:a::3" },
            { name: "a4", address: "2001:db8:a::4" },
        );
        const four = ["a1", "a2", "a3", "a4"].map((name) => ({ name, address: `fd0a::${name.slice(1)}` }));
        expect(await servers({ federation, nodes: four })).toEqual(["a1", "a2", "a3"]);
    });

    it("has its secrets in files of root's alone, which are secrets, and nowhere else", async () => {
        const { mesh, files, secretFiles, resources } = await made("a");
        // Of others that draw by chance the value is the id, too, which stands in the state in clear.
        const drawn = resources.filter(({ type }) => type.startsWith("random:")).map(({ type }) => type);
        expect(drawn).toEqual(Array(2).fill("random:index/randomPassword:RandomPassword"));
        expect(JSON.parse(secretFiles["a1:agent.json"] ?? "")).toEqual({
            encrypt: GOSSIP_KEY,
            acl: { tokens: { initial_management: MANAGEMENT } },
        });
        expect(secretFiles["a2:agent.json"]).not.toContain(MANAGEMENT);
        for (const text of Object.values(files)) {
            expect(text).not.toContain(GOSSIP_KEY);
            expect(text).not.toContain(MANAGEMENT);
            expect(text).not.toContain("PRIVATE KEY");
        }
        const all = (await promiseOf(mesh.secretFiles)).flatMap((node) => node.files);
        expect(new Set(all.map(({ mode, owner }) => `${mode} ${owner}`))).toEqual(new Set(["0400 0:0"]));
        expect(await pulumi.isSecret(mesh.secretFiles)).toBe(true);
        expect(await pulumi.isSecret(mesh.managementToken)).toBe(true);
        expect(await pulumi.isSecret(mesh.hosts)).toBe(false);
    });

    it("runs a sidecar on each machine that a service may be on, with the right to its ports, and a gateway where others dial", async () => {
        const { files } = await made("a");
        const units = Object.keys(files).filter((path) => path.includes("-proxy-"));
        expect(units).toEqual([
            "a1:sallyport-consul-proxy-ldap.service",
            "a1:sallyport-consul-proxy-mesh-gateway.service",
            "a2:sallyport-consul-proxy-ldap.service",
            "a2:sallyport-consul-proxy-mail.service",
        ]);
        const rules = files["a1:gateway.nft"];
        expect(rules).toContain("elements = { 2001:db8:b::2/128, fd0a::1/128, fd0a::2/128 }");
        expect(rules).toContain("tcp dport 8443");
        expect(files["a1:sallyport-consul-proxy-mesh-gateway.service"]).toMatch(
            /^ExecStartPre=\+\S*nft -f .*gateway\.nft$/m,
        );
        const ldap = files["a1:sallyport-consul-proxy-ldap.service"] ?? "";
        expect(ldap).toContain("connect envoy -sidecar-for=ldap");
        expect(ldap).toContain("-token-file=%d/token");
        expect(ldap).toContain("--drain-time-s 10 --drain-strategy immediate");
        expect(ldap).toContain("\nAmbientCapabilities=\n");
        const forge = (await made("b")).files["b1:sallyport-consul-proxy-forge.service"];
        expect(forge).toContain("\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n");
    });

    it("runs Consul's own proxy where that is asked for and enough", async () => {
        const federation: Federation = { ...twoSites(), intentions: [{ from: "mail", to: "ldap" }] };
        const { files } = await made("a", { federation, sidecar: "built-in" });
        expect(files["a2:sallyport-consul-proxy-mail.service"]).toContain("connect proxy -sidecar-for=mail");
        expect(Object.keys(files).filter((path) => path.includes("mesh-gateway"))).toEqual([]);
    });

    it("tells each service at which loopback address it finds what it may use", async () => {
        const { mesh } = await made("b");
        const [upstream] = await promiseOf(mesh.upstreams);
        expect(upstream).toMatchObject({ from: "forge", to: "ldap", peer: "a", port: 636 });
        expect(upstream?.address).toMatch(/^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./);
        expect(await promiseOf((await made("a")).mesh.upstreams)).toEqual([]);
    });
});

describe("the loopback address of a pair", () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const pairs = fc.uniqueArray(fc.record({ from: name, to: name }), {
        selector: ({ from, to }) => `${from} ${to}`,
        minLength: 2,
    });

    it("is its own, and stays as it is when another pair goes", () => {
        fc.assert(
            fc.property(pairs, fc.nat(), (all, index) => {
                const before = loopbackAddresses(all);
                expect(new Set(before.values()).size).toBe(all.length);
                const others = all.toSpliced(index % all.length, 1);
                const after = loopbackAddresses(others);
                expect(others.map((pair) => after.get(pair))).toEqual(others.map((pair) => before.get(pair)));
            }),
        );
    });
});

describe("what a site's Consul is told", () => {
    it("denies every pair by name, and allows those of the intentions alone", async () => {
        const { entries } = await access("a");
        expect(entries["service-intentions/*"]).toEqual({ Sources: [{ Name: "*", Action: "deny" }] });
        expect(entries["service-intentions/ldap"]).toEqual({
            Sources: [{ Name: "forge", Peer: "b", Action: "allow" }],
        });
        expect(entries["service-intentions/mail"]).toBeUndefined();
        expect(entries["exported-services/default"]).toEqual({
            Services: [{ Name: "ldap", Consumers: [{ Peer: "b" }] }],
        });
        expect((await access("b")).entries["exported-services/default"]).toBeUndefined();
    });

    it("gives each machine and service a token that can be nothing but itself", async () => {
        const { resources, secretFiles, access: made } = await access("a");
        const tokens = resources.filter(({ type }) => type === "consul:index/aclToken:AclToken");
        expect(Object.fromEntries(tokens.map(({ name, inputs: { description: _, ...rest } }) => [name, rest]))).toEqual(
            {
                "access-agent-a1": { local: true, nodeIdentities: [{ nodeName: "a1", datacenter: "a" }] },
                "access-agent-a2": { local: true, nodeIdentities: [{ nodeName: "a2", datacenter: "a" }] },
                "access-service-ldap": { local: true, serviceIdentities: [{ serviceName: "ldap" }] },
                "access-service-mail": { local: true, serviceIdentities: [{ serviceName: "mail" }] },
                "access-dns": { local: true, templatedPolicies: [{ templateName: "builtin/dns" }] },
                "access-gateway": { local: true, policies: ["sallyport-mesh-gateway"] },
            },
        );
        expect(secretFiles["a1:ldap"]).toBe("s3cret");
        expect(JSON.parse(secretFiles["a1:service-ldap.json"] ?? "").service).toMatchObject({
            port: 636,
            checks: [{ tcp: "127.0.0.1:636" }],
            connect: { sidecar_service: { token: "s3cret" } },
        });
        expect(await pulumi.isSecret(made.secretFiles)).toBe(true);
    });

    it("accepts a site behind NAT with a token that names gateways alone, before sites are to meet there", async () => {
        const { access: made, resources } = await access("a");
        const accepted = resources.find(({ name }) => name === "access-accepts-b");
        expect(accepted?.inputs).toEqual({ peerName: "b", serverExternalAddresses: ["[2001:db8:a::1]:8443"] });
        const mesh = resources.find(({ name }) => name === "access-mesh-mesh");
        expect(mesh?.dependencies).toContain(accepted?.urn);
        const token = made.peeringTokens.b ?? pulumi.output("");
        expect(await pulumi.isSecret(token)).toBe(true);
        const opened = JSON.parse(Buffer.from(await promiseOf(token), "base64").toString());
        expect(opened).toEqual({ ...TOKEN, ServerAddresses: TOKEN.ManualServerAddresses });
    });

    it("dials once it has the other site's token, and keeps that a secret", async () => {
        const dialled = (resources: { type: string }[]) => resources.filter(({ type }) => type.endsWith(":Peering"));
        expect(dialled((await access("b")).resources)).toEqual([]);
        const { resources } = await access("b", { peeringTokens: { a: "planted" } });
        expect(dialled(resources)).toMatchObject([{ inputs: { peerName: "a" }, secrets: ["peeringToken"] }]);
        const component = resources.find(({ type }) => type === "sallyport:index:ConsulMeshAccess");
        expect(component?.secrets).toContain("peeringTokens.a");
    });
});

describe("mistakes", () => {
    const problems = async (site: "a" | "b", changes: Partial<ConsulMeshArgs>) => {
        const { error, resources } = await deploy(
            () => new ConsulMesh("mesh", { ...base(site, twoSites()), ...changes }),
        );
        expect(resources).toEqual([]);
        return problemsOf(error);
    };

    it("are told of a service that nobody can dial", async () => {
        const federation = twoSites();
        const [, , forge] = federation.services;
        if (forge !== undefined) forge.port = 443;
        federation.intentions = [{ from: "ldap", to: "forge" }];
        expect(await problems("a", { federation })).toEqual({
            "federation.intentions[0].to": expect.stringContaining("nobody can dial its mesh gateway"),
        });
    });

    it("are told of a peer that comes from nobody knows where", async () => {
        expect(await problems("a", { federation: withoutEgress() })).toEqual({
            "federation.sites[1].egress": expect.stringContaining('from where "b" dials'),
        });
    });

    it("are told of machines and servers", async () => {
        const nodes = [
            { name: "a1", address: "fd0a::1", server: true },
            { name: "a1", address: "nowhere", server: true },
            { name: "b1", address: "fd0a::3" },
        ];
        expect(await problems("a", { nodes })).toEqual({
            "nodes[1].name": expect.stringContaining("a1"),
            "nodes[1].address": expect.stringContaining("nowhere"),
            "nodes[2].name": expect.stringContaining('"b1"'),
            nodes: expect.stringMatching(/lacks a2|2 servers/),
        });
    });

    it("are told of a proxy that knows its own site alone, and of a time that is none", async () => {
        expect(await problems("a", { sidecar: "built-in" })).toEqual({ sidecar: expect.stringContaining("some of b") });
        expect(await problems("a", { drainSeconds: 0 })).toEqual({
            drainSeconds: expect.stringContaining("1 to 3600"),
        });
    });

    it("are told of tokens that nobody needs", async () => {
        const { error } = await deploy(
            () => new ConsulMeshAccess("access", { ...base("a", twoSites()), peeringTokens: { b: "x", c: "y" } }),
        );
        expect(problemsOf(error)).toEqual({
            "peeringTokens.b": expect.stringContaining("this site accepts"),
            "peeringTokens.c": expect.stringContaining("is no site"),
        });
    });
});
