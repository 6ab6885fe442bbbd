import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { matchesOf } from "../../../cli/swarm/import/families/traefikRule.ts";
import { importServices } from "../../../cli/swarm/import/import.ts";
import { findingLines, patchOf, writeFiles } from "../../../cli/swarm/import/output.ts";
import { runningServices, updateCommands } from "../../../cli/swarm/import/running.ts";
import { interpolate } from "../../../cli/swarm/import/variables.ts";
import { importText } from "./support/compose.ts";

const decided = { declared: new Map([["staff", { emailDomains: ["example.com"] }]]), fallback: "staff" };

describe("variables of a Compose file", () => {
    const braced = (text: string) => `$\{${text}}`;
    it.each([
        [`${braced("NAME")}.example.com`, "wiki.example.com"],
        ["$NAME", "wiki"],
        ["$$NAME", "$NAME"],
        [`${braced("OTHER:-docs")}`, "docs"],
        [`${braced("EMPTY:-docs")}`, "docs"],
        [`${braced("EMPTY-docs")}`, ""],
        [`${braced("NAME:+set")}`, "set"],
        [`${braced("OTHER:+set")}`, ""],
        [`${braced("OTHER")}`, undefined],
        [`${braced("OTHER:?give one")}`, undefined],
    ])("%s becomes %s", (text, filled) => {
        expect(interpolate(text, { NAME: "wiki", EMPTY: "" })).toBe(filled);
    });
});

describe("a rule of Traefik", () => {
    it.each<[string, unknown]>([
        ["Host(`a.example.com`)", [{ hostname: "a.example.com" }]],
        ["Host(`a.example.com`, `b.example.com`)", [{ hostname: "a.example.com" }, { hostname: "b.example.com" }]],
        ['Host("a.example.com") && PathPrefix("/api")', [{ hostname: "a.example.com", path: "/api" }]],
        [
            "(Host(`a.example.com`) || Host(`b.example.com`)) && PathPrefix(`/x`)",
            [
                { hostname: "a.example.com", path: "/x" },
                { hostname: "b.example.com", path: "/x" },
            ],
        ],
        [
            "Host(`a.example.com`) || Host(`b.example.com`) && PathPrefix(`/x`)",
            [{ hostname: "a.example.com" }, { hostname: "b.example.com", path: "/x" }],
        ],
        ["Host(`a.example.com`) && Host(`b.example.com`)", "has two host names or paths at once"],
        ["(Host(`a.example.com`)", "has an open bracket"],
        ["Host(`a.example.com`) Host(`b.example.com`)", "has something behind its end"],
        ["Host(`a.example.com", 'cannot be read from "Host(`a.example.com" on'],
        ["!Host(`a.example.com`)", 'has "!" where a matcher is expected'],
    ])("%s is read as what it matches, or as what cannot be said", (rule, matches) => {
        expect(matchesOf(rule)).toEqual(matches);
    });
});

describe("labels in a Compose file", () => {
    const labels = (value: string) => `services:
  web:
    image: web:1 # pinned
    networks: { front: {}, back: {} }
${value}
networks:
  front: { external: true }
  back:
`;
    const written = (text: string) => {
        const { files } = importText(text, decided);
        return parse(files[0]?.text ?? "", { merge: true }).services.web;
    };
    const ours = {
        "sallyport.enable": "true",
        "sallyport.network": "front",
        "sallyport.hostname": "web.example.com",
        "sallyport.port": "80",
        "sallyport.audience": "staff",
    };

    it.each([
        [
            "a map",
            'labels: { dockflare.enable: "true", dockflare.hostname: web.example.com, dockflare.service: "http://web:80", team: a }',
        ],
        [
            "a list",
            "labels: [dockflare.enable=true, dockflare.hostname=web.example.com, 'dockflare.service=http://web:80', team=a]",
        ],
    ])("of containers in %s become labels of the service, and those of others stay", (_, form) => {
        const { labels: left, deploy } = written(labels(`    ${form}`));
        expect(deploy.labels).toEqual(ours);
        expect(left).toEqual(Array.isArray(left) ? ["team=a"] : { team: "a" });
    });

    it("of the service in a list stay a list", () => {
        const form =
            "deploy: { labels: [team=a, dockflare.enable=true, dockflare.hostname=web.example.com, 'dockflare.service=http://web:80'] }";
        const list = Object.entries(ours).map(([name, value]) => `${name}=${value}`);
        expect(written(labels(`    ${form}`)).deploy.labels).toEqual(["team=a", ...list]);
    });

    it("that come through an anchor are left to the others that have them, and told", () => {
        const text = `x-deploy: &deploy
  replicas: 2
  labels: { team: a, dockflare.enable: "true", dockflare.hostname: web.example.com, dockflare.service: "http://web:80" }
services:
  web:
    image: web:1
    deploy: *deploy
`;
        const { files, findings } = importText(text, decided);
        const after = parse(files[0]?.text ?? "", { merge: true });
        const { "sallyport.network": _, ...labels } = ours;
        expect(after.services.web.deploy).toEqual({ replicas: 2, labels: { team: "a", ...labels } });
        expect(after["x-deploy"].labels).toHaveProperty(["dockflare.enable"]);
        expect(findings.map(({ reason }) => reason).join()).toContain("through an anchor");
    });

    it("hold for the service where those of its containers say something else", () => {
        const form = `    labels: { dockflare.hostname: old.example.com }
    deploy: { labels: { dockflare.enable: "true", dockflare.hostname: web.example.com, dockflare.service: "http://web:80" } }`;
        expect(written(labels(form))).toMatchObject({ deploy: { labels: ours } });
        expect(written(labels(form))).not.toHaveProperty("labels");
    });
});

describe("what an import writes", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "sallyport-import-out-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const text = `services:
  web:
    image: web:1
    labels:
      - dockflare.enable=true
      - dockflare.hostname=web.example.com
      - dockflare.service=http://web:80
`;

    it("goes into a folder, and over nothing that is there", () => {
        const { files } = importText(text, decided);
        const out = join(folder, "out");
        writeFiles(out, files);
        expect(readdirSync(out).toSorted()).toEqual(["compose.yaml", "sallyport.yaml"]);
        expect(parse(readFileSync(join(out, "sallyport.yaml"), "utf8")).config["sallyport:zone"]).toBe("example.com");
        const other = join(folder, "other");
        writeFiles(other, files.slice(1));
        expect(() => writeFiles(other, files)).toThrow("sallyport.yaml is there already");
        expect(readdirSync(other)).toEqual(["sallyport.yaml"]);
        expect(() => writeFiles(join(folder, "twice"), [...files, ...files])).toThrow("two files would be written");
    });

    it("is a patch that git takes", async () => {
        const { files } = importText(text, decided);
        writeFileSync(join(folder, "compose.yaml"), text);
        await execa("git", ["apply", "-"], { cwd: folder, input: patchOf(files) });
        for (const { name, text: wanted } of files) expect(readFileSync(join(folder, name), "utf8")).toBe(wanted);
    });

    it("tells the place of everything that was found, decisions first", () => {
        const { findings } = importText(text.replace("web:80", "web:80/x"), decided);
        const lines = findingLines(findings);
        expect(lines[0]).toBe("Needs your decision, and stays shut until then");
        expect(lines[1]).toMatch(/compose\.yaml:7: web dockflare\.service: has the path/);
    });

    it("reads variables from the file beside it, as Compose does", () => {
        writeFileSync(join(folder, ".env"), "NAME=wiki\n");
        writeFileSync(join(folder, "compose.yaml"), text.replace("web.example", "$NAME.example"));
        const request = { ...decided, files: [join(folder, "compose.yaml")], running: [], environment: {} };
        expect(importServices(request).services[0]?.hostnames).toEqual(["wiki.example.com"]);
        const louder = importServices({ ...request, environment: { NAME: "docs" } });
        expect(louder.services[0]?.hostnames).toEqual(["docs.example.com"]);
    });
});

describe("services that run", () => {
    const engine = {
        listServices: async () => [
            {
                Spec: {
                    Name: "shop_web",
                    Labels: {
                        "traefik.enable": "true",
                        "traefik.http.routers.web.rule": "Host(`web.example.com`)",
                        "traefik.http.services.web.loadbalancer.server.port": "80",
                    },
                    TaskTemplate: { ContainerSpec: { Image: "web:1" }, Networks: [{ Target: "n1" }] },
                },
            },
        ],
        listNetworks: async () => [{ Id: "n1", Name: "shop_default" }],
    } as unknown as Parameters<typeof runningServices>[0];

    it("are told in commands that whoever wants to runs, and nothing is changed", async () => {
        const running = await runningServices(engine);
        const { files, translated } = importServices({ ...decided, files: [], running, environment: {} });
        expect(files.map(({ name }) => name)).toEqual(["relabel.sh", "sallyport.yaml"]);
        expect(updateCommands(translated)).toBe(`#!/bin/sh
set -eu
docker service update \\
    --label-add sallyport.enable=true \\
    --label-add sallyport.hostname=web.example.com \\
    --label-add sallyport.port=80 \\
    --label-add sallyport.audience=staff \\
    --label-rm traefik.enable \\
    --label-rm traefik.http.routers.web.rule \\
    --label-rm traefik.http.services.web.loadbalancer.server.port \\
    shop_web
`);
    });
});
