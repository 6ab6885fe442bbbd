import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TraefikContainer, type TraefikContainerArgs, TraefikFiles } from "../../components/index.ts";
import { CERTIFICATE, KEY, Token } from "../components/fixtures.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";

const listen = { address: "10.20.0.5", allowFrom: ["10.20.0.0/24", "10.30.0.7"], httpPort: 80 };
const args: TraefikContainerArgs = {
    networks: ["wiki"],
    certificates: [{ certPem: CERTIFICATE, keyPem: KEY }],
    routes: [{ name: "wiki", hostname: "wiki.example.com", service: "https://wiki:443", caPem: CERTIFICATE }],
};

const RULES = `#!/usr/sbin/nft -f
table inet sallyport_proxy
delete table inet sallyport_proxy
table inet sallyport_proxy {
    chain published {
        type filter hook prerouting priority dstnat - 10; policy accept;
        ip daddr 10.20.0.5 tcp dport { 443, 80 } ip saddr != { 10.20.0.0/24, 10.30.0.7/32 } drop
    }
}
`;

describe("a proxy in one container", () => {
    const made = (changes: Partial<TraefikContainerArgs> = {}) =>
        deploy(() => new TraefikContainer("proxy", { ...args, ...changes }));

    it("publishes nothing, has no right and nothing of the host, and is healthy before an older one goes", async () => {
        const { inputsOf, result } = await made();
        const container = inputsOf(Token.Container, "proxy-proxy");
        expect(container).toMatchObject({
            image: "traefik:v3.6.15",
            user: "65532:65532",
            capabilities: { drops: ["ALL"] },
            securityOpts: ["no-new-privileges"],
            networksAdvanced: [{ name: "wiki", aliases: ["traefik"] }],
            wait: true,
        });
        for (const absent of ["ports", "volumes", "mounts", "networkMode", "name"]) {
            expect(container).not.toHaveProperty(absent);
        }
        expect(await promiseOf((result as TraefikContainer).endpoint)).toBe("https://traefik:8443");
        expect(await promiseOf((result as TraefikContainer).firewallRules)).toBe("");
    });

    it("has its files in the container, for its user alone, and the key as a secret", async () => {
        const { resource } = await made();
        const { inputs, secrets } = resource(Token.Container, "proxy-proxy");
        const uploads = inputs.uploads as { file: string; content: string; owner: string; permissions: string }[];
        expect(uploads.map(({ file }) => file)).toEqual([
            "/etc/traefik/traefik.yml",
            "/etc/traefik/dynamic.yml",
            "/etc/traefik/tls/certificate-0.pem",
            "/run/secrets/key-0.pem",
            "/etc/traefik/tls/backend-wiki-ca.pem",
        ]);
        expect(new Set(uploads.map(({ owner, permissions }) => `${owner} ${permissions}`))).toEqual(
            new Set(["65532 0400"]),
        );
        expect(secrets).toEqual(["uploads[3].content"]);
    });

    it("listens on the one address that it is given, redirects to the port that clients see, and renders who may ask", async () => {
        const { inputsOf, result } = await made({ listen });
        const { ports, uploads } = inputsOf(Token.Container, "proxy-proxy") as {
            ports: object[];
            uploads: { content: string }[];
        };
        expect(ports).toEqual([
            { internal: 8443, external: 443, ip: "10.20.0.5", protocol: "tcp" },
            { internal: 8080, external: 80, ip: "10.20.0.5", protocol: "tcp" },
        ]);
        const { web } = parse(uploads[0]?.content ?? "").entryPoints;
        expect(web.http.redirections.entryPoint.to).toBe(":443");
        expect(await promiseOf((result as TraefikContainer).firewallRules)).toBe(RULES);
    });

    it.each([
        ["0.0.0.0", "is every address"],
        ["::", "is every address"],
        ["203.0.113.5", "is no address of a private network"],
        ["127.0.0.1", "is no address of a private network"],
        ["wiki.example.com", "is not an IP address"],
    ])("does not listen on %s", async (address, reason) => {
        const { error, resources } = await made({ listen: { ...listen, address } });
        expect(problemsOf(error)["listen.address"]).toContain(reason);
        expect(resources).toEqual([]);
    });

    it("tells all mistakes about who may ask at once", async () => {
        const { error, resources } = await made({
            listen: {
                address: "10.20.0.5",
                allowFrom: ["0.0.0.0/0", "fd00::/64", "10.0.0.0/8", "10.1.0.0/16"],
                httpsPort: 443,
                httpPort: 443,
            },
            networks: [],
            dashboard: { hostname: "traefik.example.com" },
        });
        expect(problemsOf(error)).toEqual({
            networks: expect.stringContaining("is empty"),
            "listen.allowFrom[0]": expect.stringContaining("is every address"),
            "listen.allowFrom[1]": expect.stringContaining("is of another kind"),
            "listen.allowFrom[3]": "shares addresses with listen.allowFrom[2]. Write the wider one.",
            "listen.httpPort": "443 is the port for HTTPS. Write another.",
            "dashboard.middlewares": expect.stringContaining("names nobody who asks who comes"),
        });
        expect(resources).toEqual([]);
    });

    it("shows the dashboard in a closed network to those whom a middleware lets in", async () => {
        const { error } = await made({
            listen,
            middlewares: [{ name: "admins", ipAllowList: { ranges: ["10.20.0.9"] } }],
            dashboard: { hostname: "traefik.example.com", middlewares: ["admins"] },
        });
        expect(error).toBeUndefined();
    });
});

describe("a proxy as files", () => {
    it("is a Compose file without a right, with every file of it, and keys apart", async () => {
        const { result } = await deploy(() => new TraefikFiles("proxy", { ...args, listen }));
        const { files, secretFiles, start } = result as TraefikFiles;
        const readable = await promiseOf(files);
        const folder = "/etc/sallyport/proxy";
        expect(readable.map(({ path, mode, owner }) => `${mode} ${owner} ${path}`)).toEqual([
            `0644 0:0 ${folder}/docker-compose.yml`,
            `0644 0:0 ${folder}/traefik.yml`,
            `0644 0:0 ${folder}/dynamic.yml`,
            `0644 0:0 ${folder}/certificate-0.pem`,
            `0644 0:0 ${folder}/ca-wiki.pem`,
            `0644 0:0 ${folder}/firewall.nft`,
        ]);
        expect(await promiseOf(secretFiles)).toEqual([
            { path: `${folder}/key-0.pem`, mode: "0400", owner: "65532:65532", content: KEY },
        ]);
        expect(readable.at(-1)?.content).toBe(RULES);
        expect(await promiseOf(start)).toMatch(/^nft -f \S+ && docker compose -f \S+ up -d --wait --force-recreate$/);

        const { services, networks } = parse(readable[0]?.content ?? "");
        expect(services.traefik).toMatchObject({
            user: "65532:65532",
            read_only: true,
            cap_drop: ["ALL"],
            ports: ["10.20.0.5:443:8443", "10.20.0.5:80:8080"],
            networks: { "network-0": { aliases: ["traefik"] } },
        });
        expect(services.traefik.volumes).toContain(`${folder}/key-0.pem:/run/secrets/key-0.pem:ro`);
        expect(services.traefik.volumes).toHaveLength(5);
        expect(networks).toEqual({ "network-0": { name: "wiki", external: true } });
    });

    it("publishes nothing and has no firewall where it does not listen, and lies where it is told to", async () => {
        const { result } = await deploy(() => new TraefikFiles("proxy", { ...args, folder: "/srv/proxy" }));
        const { files, start } = result as TraefikFiles;
        const [compose, ...others] = await promiseOf(files);
        expect(parse(compose?.content ?? "").services.traefik).not.toHaveProperty("ports");
        expect(others.map(({ path }) => path)).not.toContain("/srv/proxy/firewall.nft");
        expect(await promiseOf(start)).toMatch(/^docker compose -f \/srv\/proxy\/docker-compose.yml/);
    });
});
