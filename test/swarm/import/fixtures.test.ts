import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decisionsOf } from "../../../cli/swarm/import/import.ts";
import { FIXTURES, imported } from "./support/fixtures.ts";

/** What each file comes to: services with their names, and those that stay shut, with the label that keeps them so. */
const EXPECTED: Readonly<Record<string, { exposed: Record<string, string[]>; shut: Record<string, string> }>> = {
    "companion/compose-example.yml": { exposed: { nextcloud: ["cloud.example.com"] }, shut: {} },
    "companion/excluded-subdomains.yaml": { exposed: { app: ["notes.example.com"] }, shut: {} },
    "companion/swarm.yml": { exposed: { portal: ["portal.example.com", "www.example.com"] }, shut: {} },
    "companion/traefik1.yml": { exposed: { mail: ["mail.example.com", "webmail.example.com"] }, shut: {} },
    "companion/variables.yaml": { exposed: { status: ["status.example.com"] }, shut: { paste: "" } },
    "dockflare/anchors.yaml": {
        exposed: { sonarr: ["sonarr.example.com"], radarr: ["radarr.example.com"] },
        shut: {},
    },
    "dockflare/indexed.yaml": { exposed: { gitea: ["git.example.com", "git-ssh.example.com"] }, shut: {} },
    "dockflare/legacy-prefix.yml": { exposed: { grafana: ["grafana.example.com"] }, shut: {} },
    "dockflare/public-and-private.yaml": {
        exposed: { admin: ["blog-admin.example.com"] },
        shut: { blog: "dockflare.access.policy", shared: "dockflare.service" },
    },
    "dockflare/single-service.yaml": { exposed: { wiki: ["wiki.example.com"] }, shut: {} },
    "traefik/guards.yaml": {
        exposed: { docs: ["docs.example.com"] },
        shut: {
            registry: "traefik.http.routers.registry.middlewares",
            metrics: "traefik.http.routers.metrics.middlewares",
        },
    },
    "traefik/paths.yaml": { exposed: { shop: ["shop.example.com", "shop.example.com"] }, shut: {} },
    "traefik/rules-beyond.yaml": {
        exposed: { front: ["front.example.com"] },
        shut: {
            tenants: "traefik.http.routers.tenants.rule",
            beta: "traefik.http.routers.beta.rule",
            api: "traefik.http.routers.api.rule",
        },
    },
    "traefik/swarm-basic.yml": { exposed: { whoami: ["whoami.example.com"] }, shut: {} },
    "traefik/tcp-and-tls.yaml": { exposed: { vault: ["vault.example.com"], mongo: ["mongo.example.com"] }, shut: {} },
    "tunnel-sync/allow-and-deny.yaml": { exposed: { ledger: ["ledger.example.com"] }, shut: {} },
    "tunnel-sync/list-labels.yaml": { exposed: { jellyfin: ["tv.example.com"] }, shut: {} },
    "tunnel-sync/minimal.yaml": { exposed: { app: ["start.example.com"] }, shut: {} },
    "tunnel-sync/policy-by-name.yaml": { exposed: { tickets: ["tickets.example.com"] }, shut: {} },
    "tunnel-sync/suffix-routes.yaml": { exposed: { app: ["app.example.com", "admin.example.com"] }, shut: {} },
};

/** Whether a line says something to one of the tools, and may go. */
const OF_A_TOOL =
    /dockflare\.|cloudflare\.(tunnel|access)\.|traefik\.(enable|docker|swarm|constraint|http|tcp|port|frontend)|^\s*labels:|<<: \*tunnel/;

describe("Compose files as people have them", () => {
    it("are five of each of the four families", () => {
        expect(FIXTURES.toSorted()).toEqual(Object.keys(EXPECTED));
        const families = Map.groupBy(FIXTURES, (fixture) => fixture.split("/")[0]);
        expect([...families.values()].map(({ length }) => length)).toEqual([5, 5, 5, 5]);
    });

    it.each(FIXTURES)("%s comes to what it publishes today, and what nobody has decided stays shut", (fixture) => {
        const result = imported(fixture);
        const exposed = result.services.filter(({ exposed }) => exposed);
        const shut = decisionsOf(result).map(({ service, label = "" }) => [service, label]);
        expect({
            exposed: Object.fromEntries(exposed.map(({ service, hostnames }) => [service, hostnames])),
            shut: Object.fromEntries(shut),
        }).toEqual(EXPECTED[fixture]);
        expect(decisionsOf(result).every(({ line }) => line !== undefined)).toBe(true);
    });

    it.each(FIXTURES)("%s keeps every line that is no label of a tool, letter by letter", (fixture) => {
        const [file] = imported(fixture).files;
        const after = file?.text.split("\n") ?? [];
        const kept = file?.before.split("\n").filter((line) => !OF_A_TOOL.test(line) && !line.includes("#")) ?? [];
        expect(kept.filter((line) => !after.includes(line))).toEqual([]);
        const comments = file?.before.match(/# .*$/gm) ?? [];
        expect(comments.filter((comment) => !file?.text.includes(comment))).toEqual([]);
        expect(parse(file?.text ?? "", { merge: true })).toHaveProperty("services");
    });

    it.each(FIXTURES)("%s leaves the labels of a service that stays shut as they are, and gives it none", (fixture) => {
        const { files, services } = imported(fixture);
        const [file] = files;
        const [before, after] = [file?.before, file?.text].map((text) => parse(text ?? "", { merge: true }).services);
        const labelled = Object.entries(after).filter(([, service]) => JSON.stringify(service).includes("sallyport."));
        const exposed = services.filter(({ exposed }) => exposed).map(({ service }) => service);
        expect(labelled.map(([name]) => name).toSorted()).toEqual(exposed.toSorted());
        for (const [name, service] of Object.entries(after)) {
            if (!exposed.includes(name)) expect(service).toEqual(before[name]);
        }
    });
});
