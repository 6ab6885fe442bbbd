/** A tunnel of site A and a link for each intention of a federation. `LINKS` names those that there are, as `forge-ldap wiki-git`. */
import { Provider } from "@pulumi/cloudflare/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { type Federation, NamedTunnel, TunnelIngress, TunnelLink } from "../../../../components/index.ts";

const { LINK_ACCOUNT: accountId = "", LINK_ZONE: zoneId = "", LINK_TEAM: team = "", LINKS = "" } = process.env;
const links = LINKS.split(" ").filter((link) => link !== "");
const opts = { providers: [new Provider("cloudflare", {})] };

const federation: Federation = {
    name: "commons",
    sites: [
        { name: "a", owner: "Association A", nat: true, nodes: [{ name: "a1" }, { name: "a2" }] },
        { name: "b", owner: "Association B", nat: true, nodes: [{ name: "b1" }, { name: "b2" }] },
    ],
    services: [
        { name: "ldap", site: "a", nodes: ["a1", "a2"], port: 389 },
        { name: "git", site: "a", nodes: ["a1"], port: 3000, protocol: "http" },
        { name: "forge", site: "b", nodes: ["b1"] },
        { name: "wiki", site: "b", nodes: ["b2"] },
    ],
    intentions: links.map((link) => {
        const [from = "", to = ""] = link.split("-");
        return { from, to };
    }),
};

const tunnel = new NamedTunnel("a", { accountId }, opts);
const made = federation.intentions.map(({ from, to }) => {
    const hostname = `${from}-${to}.example.com`;
    const link = new TunnelLink(
        `${from}-${to}`,
        { accountId, federation, from, to, hostname, ...(to === "git" ? { host: "127.0.0.1" } : {}) },
        opts,
    );
    return { hostname, link };
});
const routes = made.map(({ hostname, link }) => ({ hostname, service: link.service, audience: link.audience }));
new TunnelIngress("ingress", { accountId, zoneId, tunnelId: tunnel.tunnelId, team, routes }, opts);

export const credentials = tunnel.credentials;
export const clients = pulumi.secret(
    Object.fromEntries(
        made.map(({ hostname, link }) => [
            hostname.split(".")[0],
            { files: link.files, secretFiles: link.secretFiles },
        ]),
    ),
);
