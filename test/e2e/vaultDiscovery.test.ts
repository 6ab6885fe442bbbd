import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readVault } from "../../cli/kube/discovery/sources/vault.ts";
import { clusterSource, type SourceOf } from "../../stacks/config/clusterSources.ts";
import { startVault, type VaultServer } from "./support/vaultServer.ts";

/**
 * Clusters on premises in a real Vault:
 *
 * 1. a store of version 2 (`secret`) and one of version 1 (`old`), with an entry a cluster;
 * 2. a token that may list and read below one path, as a developer has it, and one that may read a single entry.
 */
const entry = { hostname: "dc1-k8s", server: "https://10.1.0.1:6443", tags: { site: "dc1" }, adminPassword: "hush" };
const found = {
    name: "dc1",
    hostname: "dc1-k8s.example.com",
    server: "https://10.1.0.1:6443",
    tags: { site: "dc1", "sallyport-hostname": "dc1-k8s" },
};

let vault: VaultServer;
let developer: string;

beforeAll(async () => {
    vault = await startVault();
    await vault.mount("secret", 2);
    await vault.mount("old", 1);
    await vault.put("secret/data/clusters/dc1", { data: entry });
    await vault.put("secret/data/clusters/deeper/dc2", { data: entry });
    await vault.put("old/clusters/dc1", entry);
    developer = await vault.tokenFor(
        "developer",
        'path "secret/metadata/clusters/" { capabilities = ["list"] } path "secret/data/clusters/*" { capabilities = ["read"] }',
    );
});

afterAll(() => vault[Symbol.asyncDispose]());

function read(asked: Partial<SourceOf<"vault">>) {
    const defaults = { kind: "vault", zone: "example.com", path: "clusters", tokenFile: developer };
    const source = clusterSource.parse({ ...defaults, address: vault.address, ...asked }) as SourceOf<"vault">;
    return readVault(source, new AbortController().signal);
}

describe("Vault", () => {
    it("tells of the entries of a path, with a token that may list and read there, and nothing that is not about the cluster", async () => {
        expect(await read({})).toEqual({ clusters: [found], problems: [] });
    });

    it("tells the same from a store of version 1", async () => {
        const asked = { mount: "old", version: 1, tokenFile: vault.rootTokenFile } as const;
        expect(await read(asked)).toEqual({ clusters: [found], problems: [] });
    });

    it("is asked where Vault's own command line asks: VAULT_ADDR, VAULT_TOKEN", async () => {
        vi.stubEnv("VAULT_ADDR", vault.address);
        vi.stubEnv("VAULT_TOKEN", "wrong");
        await expect(read({ address: undefined, tokenFile: undefined })).rejects.toThrow(
            /answers 403: .*permission denied/s,
        );
    });

    it("says what is refused, and does not take an empty path or a wrong mount for each other", async () => {
        await expect(read({ path: "others" })).rejects.toThrow(/\/v1\/secret\/metadata\/others answers 403/);
        const root = { tokenFile: vault.rootTokenFile };
        expect(await read({ ...root, path: "others" })).toEqual({ clusters: [], problems: [] });
        await expect(read({ ...root, mount: "none" })).rejects.toThrow(/answers 404: no handler for route/);
    });

    it("tells of the other entries where one may not be read, or is no cluster", async () => {
        await vault.put("secret/data/mixed/dc1", { data: entry });
        await vault.put("secret/data/mixed/dc2", { data: entry });
        await vault.put("secret/data/mixed/dc3", { data: { server: 6443 } });
        const tokenFile = await vault.tokenFor(
            "partial",
            'path "secret/metadata/mixed/" { capabilities = ["list"] } path "secret/data/mixed/dc1" { capabilities = ["read"] } path "secret/data/mixed/dc3" { capabilities = ["read"] }',
        );
        expect(await read({ path: "mixed", tokenFile })).toEqual({
            clusters: [found],
            problems: [
                expect.stringMatching(/^dc2: .*\/v1\/secret\/data\/mixed\/dc2 answers 403/),
                "dc3: server is not what a cluster's entry has there",
            ],
        });
    });
});
