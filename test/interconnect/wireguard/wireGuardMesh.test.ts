import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type HostFile, WireGuardForm, WireGuardMesh, type WireGuardMeshArgs } from "../../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../../support/mocks.ts";
import { twoSites } from "../support/federations.ts";

/** A random text for each name and version, as the provider keeps it. */
const create = async ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
    if (type !== "random:index/randomPassword:RandomPassword") return undefined;
    const result = createHash("sha256")
        .update(`${name} ${inputs.keepers?.version ?? "1"}`)
        .digest("hex");
    return { id: "none", state: { ...inputs, result } };
};

async function meshOf(args: Partial<WireGuardMeshArgs> = {}, name = "friends") {
    const { result, error, resources } = await deploy(
        () => new WireGuardMesh(name, { federation: twoSites(), ...args }),
        { create },
    );
    expect(error).toBeUndefined();
    const mesh = result as WireGuardMesh;
    const [files, secretFiles, apply, publicKeys, addresses] = await Promise.all([
        promiseOf(mesh.files),
        promiseOf(mesh.secretFiles),
        promiseOf(mesh.apply),
        promiseOf(mesh.publicKeys),
        promiseOf(mesh.addresses),
    ]);
    return { mesh, resources, files, secretFiles, apply, publicKeys, addresses };
}

/** Content of the node's one file whose path ends so. */
function content(files: Readonly<Record<string, HostFile[]>>, node: string, end: string): string {
    const found = files[node]?.filter(({ path }) => path.endsWith(end)) ?? [];
    expect(found.map(({ path }) => path)).toHaveLength(1);
    return found[0]?.content ?? "";
}

/** What one line of a file has behind its key, by peer's comment. */
function peerLine(text: string, peer: string, key: string): string | undefined {
    const section = text.split(`# ${peer}\n`)[1]?.split("\n\n")[0];
    return section
        ?.split("\n")
        .find((line) => line.startsWith(`${key} = `))
        ?.slice(key.length + 3);
}

describe("a WireGuard mesh", () => {
    it("tells each node of its peers alone, where they are, and what may come from them", async () => {
        const { secretFiles, publicKeys, addresses } = await meshOf();
        const conf = content(secretFiles, "b1", "/wg-sallyport.conf");
        expect(conf.match(/\[Peer\]/g)).toHaveLength(2);
        expect(peerLine(conf, "a1", "PublicKey")).toBe(publicKeys.a1);
        expect(peerLine(conf, "a1", "Endpoint")).toBe("[2001:db8:a::1]:51820");
        expect(peerLine(conf, "a1", "AllowedIPs")).toBe(`${addresses.a1?.ipv6}/128`);
        expect(conf).not.toContain(publicKeys.b2);
        expect(content(secretFiles, "b2", "/wg-sallyport.conf")).not.toContain("[Peer]");
    });

    it("makes the one behind NAT show itself, and gives it no port at which it could be found", async () => {
        const { secretFiles } = await meshOf();
        const [inside, outside] = ["b1", "a1"].map((node) => content(secretFiles, node, ".conf"));
        expect(peerLine(inside ?? "", "a1", "PersistentKeepalive")).toBe("25");
        expect(inside).not.toContain("ListenPort");
        expect(outside).toContain("ListenPort = 51820");
        expect(peerLine(outside ?? "", "b1", "PersistentKeepalive")).toBeUndefined();
        expect(peerLine(outside ?? "", "b1", "Endpoint")).toBeUndefined();
    });

    it("gives the two of a pair the same pre-shared key, and no two pairs the same", async () => {
        const { secretFiles } = await meshOf();
        const b1 = content(secretFiles, "b1", ".conf");
        const shared = peerLine(b1, "a1", "PresharedKey");
        expect(shared).toMatch(/^[A-Za-z0-9+/]{43}=$/);
        expect(peerLine(content(secretFiles, "a1", ".conf"), "b1", "PresharedKey")).toBe(shared);
        expect(peerLine(b1, "a2", "PresharedKey")).not.toBe(shared);
    });

    it("keeps keys out of everything that is not secret, on the machine and in the state", async () => {
        const { mesh, resources, files, secretFiles } = await meshOf({ form: WireGuardForm.Networkd });
        expect(await pulumi.isSecret(mesh.secretFiles)).toBe(true);
        expect(await pulumi.isSecret(mesh.files)).toBe(false);
        const secrets = Object.values(secretFiles)
            .flat()
            .filter(({ path }) => /\.(key|psk)$/.test(path))
            .map(({ content }) => content.trim());
        expect(secrets.length).toBeGreaterThan(6);
        expect(
            Object.values(secretFiles)
                .flat()
                .map(({ mode }) => mode),
        ).toEqual(expect.arrayContaining(["0400"]));
        expect(
            Object.values(secretFiles)
                .flat()
                .every(({ mode }) => mode === "0400"),
        ).toBe(true);
        for (const text of [JSON.stringify(files), JSON.stringify(resources)]) {
            expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
        }
    });

    it("changes the keys of a node whose version is raised, at the node and at its peers, and of nobody else", async () => {
        const [before, after] = [await meshOf(), await meshOf({ keyVersions: { b1: 2 } })];
        expect(after.publicKeys.b1).not.toBe(before.publicKeys.b1);
        expect({ ...after.publicKeys, b1: "" }).toEqual({ ...before.publicKeys, b1: "" });
        expect(after.addresses).toEqual(before.addresses);
        expect(after.secretFiles.b2).toEqual(before.secretFiles.b2);
        expect(after.files).toEqual(before.files);
        const [old, fresh] = [before, after].map(({ secretFiles }) => content(secretFiles, "a1", ".conf"));
        expect(peerLine(fresh ?? "", "b1", "PresharedKey")).not.toBe(peerLine(old ?? "", "b1", "PresharedKey"));
    });

    it("changes nothing for those who stay when nodes join and leave", async () => {
        const more = twoSites();
        more.sites[1]?.nodes.unshift({ name: "b0" });
        more.services.push({ name: "calendar", site: "b", nodes: ["b0"] });
        more.intentions.unshift({ from: "calendar", to: "mail" });
        const [before, after] = [await meshOf(), await meshOf({ federation: more })];
        for (const node of ["a1", "b1", "b2"]) {
            expect(after.files[node]).toEqual(before.files[node]);
            expect(after.secretFiles[node]).toEqual(before.secretFiles[node]);
        }
        expect(after.addresses).toMatchObject(before.addresses);
        expect(after.publicKeys).toMatchObject(before.publicKeys);
    });

    it("is put together from programs of the owners, of which none has another's private key", async () => {
        const siteSecrets = (other: string) => ({ [other]: "a random text that both owners agreed on" });
        const stranger = "A".repeat(43).concat("=");
        const first = await meshOf({ site: "b", publicKeys: { a1: stranger, a2: stranger } }, "b-mesh");
        const a = await meshOf({
            site: "a",
            publicKeys: { b1: first.publicKeys.b1 ?? "" },
            siteSecrets: siteSecrets("b"),
        });
        const { a1 = "", a2 = "" } = a.publicKeys;
        const b = await meshOf({ site: "b", publicKeys: { a1, a2 }, siteSecrets: siteSecrets("a") }, "b-mesh");
        expect(Object.keys(a.secretFiles)).toEqual(["a1", "a2"]);
        expect(Object.keys(b.secretFiles)).toEqual(["b1", "b2"]);
        const [atA, atB] = [content(a.secretFiles, "a1", ".conf"), content(b.secretFiles, "b1", ".conf")];
        expect(peerLine(atA, "b1", "PublicKey")).toBe(b.publicKeys.b1);
        expect(peerLine(atB, "a1", "PublicKey")).toBe(a1);
        expect(peerLine(atA, "b1", "PresharedKey")).toBe(peerLine(atB, "a1", "PresharedKey"));
        expect(a.addresses).toEqual(b.addresses);
        expect(peerLine(content(first.secretFiles, "b1", ".conf"), "a1", "PresharedKey")).toBeUndefined();
    });

    it("leads both families where it has a range of either", async () => {
        const { secretFiles, files, addresses } = await meshOf({ ipv4Range: "10.64.0.0/12" });
        const { a1, b1 } = addresses;
        const conf = content(secretFiles, "b1", ".conf");
        expect(conf).toContain(`Address = ${b1?.ipv6}/64, ${b1?.ipv4}/12\n`);
        expect(peerLine(conf, "a1", "AllowedIPs")).toBe(`${a1?.ipv6}/128, ${a1?.ipv4}/32`);
        expect(content(files, "a1", ".nft")).toContain(`elements = { ${b1?.ipv4} . 636 }`);
    });

    it("names its form's files and commands, the packet filter always first", async () => {
        const at = async (form: WireGuardForm) => {
            const { files, secretFiles, apply } = await meshOf({ form });
            return { paths: [...(files.a1 ?? []), ...(secretFiles.a1 ?? [])].map(({ path }) => path), apply: apply.a1 };
        };
        const firewall = "/etc/sallyport/friends/firewall.nft";
        const first = expect.stringMatching(/^\/usr\/sbin\/nft -f \/etc\/sallyport\/friends\/firewall.nft && /);
        expect(await at(WireGuardForm.WgQuick)).toEqual({
            paths: [firewall, "/etc/wireguard/wg-sallyport.conf"],
            apply: first,
        });
        expect(await at(WireGuardForm.Networkd)).toEqual({
            paths: [
                firewall,
                "/etc/systemd/network/50-wg-sallyport.netdev",
                "/etc/systemd/network/50-wg-sallyport.network",
                "/etc/systemd/system/sallyport-friends-firewall.service",
                "/etc/systemd/network/50-wg-sallyport.key",
                "/etc/systemd/network/50-wg-sallyport-b1.psk",
                "/etc/sallyport/friends/wg-sallyport.conf",
            ],
            apply: first,
        });
        expect(await at(WireGuardForm.Userspace)).toEqual({
            paths: [
                firewall,
                "/etc/systemd/system/sallyport-friends.service",
                "/etc/sallyport/friends/wg-sallyport.conf",
            ],
            apply: first,
        });
    });

    it("lets nobody but its peers ask the port at which a node is found, where all of them come from known places", async () => {
        const known = twoSites();
        Object.assign(known.sites[1] ?? {}, { egress: ["198.51.100.2"], ipv6Prefix: "2001:db8:b::/64" });
        const portRules = async (federation: typeof known) =>
            content((await meshOf({ federation })).files, "a1", ".nft")
                .split("\n")
                .filter((line) => line.includes("udp dport"))
                .map((line) => line.trim());
        expect(await portRules(known)).toEqual([
            "meta nfproto ipv6 udp dport 51820 ip6 saddr != { 2001:db8:b::/64 } drop",
            "meta nfproto ipv4 udp dport 51820 ip saddr != { 198.51.100.2/32 } drop",
        ]);
        expect(await portRules(twoSites())).toEqual([]);
    });

    it("forwards nowhere but on a relay", async () => {
        const federation = twoSites();
        federation.services.push({ name: "chat", site: "c", nodes: ["c1"], port: 443 });
        federation.sites.push({ name: "c", owner: "C", nat: true, nodes: [{ name: "c1" }] });
        federation.sites[0]?.nodes.push({ name: "a3", address: "2001:db8:a::3", relay: true });
        federation.intentions.push({ from: "forge", to: "chat" });
        const { files, addresses } = await meshOf({ federation });
        const forwards = Object.entries(files).filter(([, all]) => all.some(({ path }) => path.includes("/sysctl.d/")));
        expect(forwards.map(([node]) => node)).toEqual(["a3"]);
        expect(content(files, "a3", ".nft")).toContain(
            `elements = { ${addresses.b1?.ipv6} . ${addresses.c1?.ipv6} . 443 }`,
        );
    });

    it("refuses every mistake at once, by its path, and registers nothing", async () => {
        const federation = twoSites();
        federation.sites.push({ name: "c", owner: "C", nat: true, nodes: [{ name: "c1" }] });
        federation.services.push({ name: "chat", site: "c", nodes: ["c1"], port: 443 });
        federation.intentions.push({ from: "forge", to: "chat" });
        const { error, resources } = await deploy(
            () =>
                new WireGuardMesh("friends", {
                    federation,
                    site: "a",
                    interfaceName: "WG 0",
                    listenPort: 0,
                    mtu: 1000,
                    keepaliveSeconds: 0,
                    ipv6Range: "2001:db8::/64",
                    ipv4Range: "203.0.113.0/24",
                    keyVersions: { a1: 0, b1: 1 },
                    publicKeys: { a1: "x", b2: "no key", nobody: "x" },
                    siteSecrets: { a: "s", z: "s", b: "short" },
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "federation.sites",
            "interfaceName",
            "ipv4Range",
            "ipv6Range",
            "keepaliveSeconds",
            "keyVersions.a1",
            "keyVersions.b1",
            "listenPort",
            "mtu",
            "publicKeys.a1",
            "publicKeys.b1",
            "publicKeys.b2",
            "publicKeys.nobody",
            "siteSecrets.a",
            "siteSecrets.b",
            "siteSecrets.z",
        ]);
        expect(resources).toEqual([]);
    });
});
