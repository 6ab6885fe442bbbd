import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readDiscoveryConfiguration, settingsFile } from "../../cli/kube/discovery/configuration.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { folder } from "../connect/support/folder.ts";

/** The settings that a person's `kube.yaml` gives, or the mistakes in it. */
function read(yaml: string | undefined) {
    using files = folder();
    vi.stubEnv("XDG_CONFIG_HOME", dirname(files.write("x", "")));
    if (yaml !== undefined) {
        mkdirSync(dirname(settingsFile()), { recursive: true });
        writeFileSync(settingsFile(), yaml);
    }
    try {
        return { ...readDiscoveryConfiguration(), folder: dirname(settingsFile()) };
    } catch (error) {
        return { mistakes: (error as Error).message.split("\n").slice(1) };
    }
}

describe("the sources of clusters", () => {
    it("are none, each with ten seconds, where nobody wrote any", () => {
        expect(read(undefined)).toMatchObject({ sources: [], limitMs: 10_000 });
        expect(read("")).toMatchObject({ sources: [], limitMs: 10_000 });
    });

    it("have defaults, and paths that start in the file's folder or at home", () => {
        vi.stubEnv("HOME", "/home/ada");
        const { sources, limitMs, folder } = read(
            [
                "limitSeconds: 2.5",
                "sources:",
                "  - { kind: catalogue, from: clusters.json }",
                "  - { kind: catalogue, from: https://platform.example.com/clusters.json }",
                "  - { kind: vault, path: clusters, zone: example.com, tokenFile: ~/.vault-token, caFile: /etc/ca.pem }",
                "  - { kind: gke, project: platform-4711, zone: example.com, name: shops }",
            ].join("\n"),
        ) as Extract<ReturnType<typeof read>, { folder: string }>;
        expect(limitMs).toBe(2_500);
        const vault = { kind: "vault", path: "clusters", mount: "secret", version: 2, zone: "example.com" };
        expect(sources).toEqual([
            { kind: "catalogue", from: join(folder, "clusters.json") },
            { kind: "catalogue", from: "https://platform.example.com/clusters.json" },
            { ...vault, tokenFile: "/home/ada/.vault-token", caFile: "/etc/ca.pem" },
            { kind: "gke", project: "platform-4711", location: "-", zone: "example.com", name: "shops" },
        ]);
    });

    it("are refused with every mistake and its path", () => {
        const yaml = [
            "limitSeconds: 600",
            "source: []",
            "sources:",
            "  - { kind: eks, region: mars }",
            "  - { kind: openstack }",
            "  - { kind: catalogue, from: http://platform.example.com/clusters.json }",
            "  - { kind: vault, path: /clusters/, zone: example.com, version: 3, token: hvs.secret }",
        ].join("\n");
        expect(read(yaml)).toEqual({
            mistakes: [
                "  limitSeconds: is longer than anybody waits. Write 1 to 120 seconds.",
                "  sources[0].zone: is missing. Write a string.",
                '  sources[0].region: "mars" is not a region. Write one such as "eu-west-1".',
                '  sources[1].kind: "openstack" is not a kind of source. Write one of stack, catalogue, eks, gke, aks, vault.',
                '  sources[2].from: "http://platform.example.com/clusters.json" is not reached over TLS. Write it with "https://".',
                '  sources[3].path: "/clusters/" is not a path in the store. Write one without "/" at its ends, such as "sallyport/clusters".',
                "  sources[3].version: is neither 1 nor 2. Write the version of the key-value store.",
                '  sources[3].token: "token" is not a key here. Correct its spelling or remove it.',
                "  source: is not a key of this file. Write one of limitSeconds, sources.",
            ],
        });
        expect(read("sources: [").mistakes?.[0]).toContain("kube.yaml: is not YAML: ");
        const twice = "sources: [{ kind: stack, stack: prod }, { kind: stack, stack: prod }]";
        expect(read(twice)).toEqual({
            mistakes: ['  sources[1]: is called "stack prod" like [0]. Give one of the two another `name`.'],
        });
    });

    it("stand in a stack file as well", () => {
        const common = { accountId: "a".repeat(32), zone: "example.com", team: "example", audiences: {} };
        const raw = { stack: "staging", file: "Pulumi.staging.yaml", projectDir: "." };
        const sources = [{ kind: "aks", subscription: "00000000-0000-4000-8000-000000000000", zone: "example.com" }];
        expect(parseEnvironment({ ...raw, values: { ...common, clusterSources: sources } }).clusterSources).toEqual(
            sources,
        );
        const wrong = { ...common, clusterSources: [{ kind: "aks", subscription: "mine", zone: "example.com" }] };
        expect(() => parseEnvironment({ ...raw, values: wrong })).toThrow(
            'sallyport:clusterSources[0].subscription: "mine" is not a subscription id.',
        );
    });
});
