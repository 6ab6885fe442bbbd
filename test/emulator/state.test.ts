import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CloudflareEmulator, EmulatorError, type EmulatorSnapshot } from "../../emulator/index.ts";
import { accountId, call, startEmulator, zoneId } from "./support.ts";

const tunnels = `/accounts/${accountId}/cfd_tunnel`;
const tunnelBody = { name: "office", config_src: "cloudflare" };

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
    const path = await mkdtemp(join(tmpdir(), "sallyport-emulator-"));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function startError(attempt: Promise<CloudflareEmulator>): Promise<EmulatorError> {
    try {
        await using _ = await attempt;
    } catch (error) {
        if (error instanceof EmulatorError) {
            return error;
        }
        throw error;
    }
    throw new Error("The emulator started.");
}

describe("starting", () => {
    it("needs nothing, and gives an account, a token and a base URL on loopback", async () => {
        await using emulator = await CloudflareEmulator.start();
        expect(emulator.apiBaseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/v4$/);
        expect(emulator.accountId).toMatch(/^[0-9a-f]{32}$/);
        expect(
            (await call(emulator, "GET", `/accounts/${emulator.accountId}/access/organizations`)).result,
        ).toMatchObject({
            auth_domain: "sallyport.cloudflareaccess.com",
        });
    });

    it("on a port that is taken says so, and says what to do", async () => {
        await using other = await startEmulator();
        const port = Number(new URL(other.apiBaseUrl).port);
        const error = await startError(startEmulator({ port }));
        expect(error.code).toBe("port-in-use");
        expect(error.message).toContain(`Port ${port}`);
        expect(error.message).toContain("another port");
    });

    it("leaves the port free when it is over", async () => {
        const emulator = await startEmulator();
        const port = Number(new URL(emulator.apiBaseUrl).port);
        await call(emulator, "GET", tunnels);
        await emulator[Symbol.asyncDispose]();
        const server = createServer();
        await new Promise<void>((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
        await new Promise((resolve) => server.close(resolve));
    });

    it("serves several accounts that share nothing but the token, and has them again after a reset", async () => {
        const other = { id: "c".repeat(32), team: "other", zones: [{ name: "example.org" }] };
        await using emulator = await startEmulator({ furtherAccounts: [other] });
        const zonesOf = async (id: string) => {
            const { result } = await call(emulator, "GET", `/zones?account.id=${id}`);
            return result.map(({ name }: { name: string }) => name);
        };
        const tunnelsOf = async (id: string) =>
            (await call(emulator, "GET", `/accounts/${id}/cfd_tunnel`)).result.length;
        expect(await call(emulator, "POST", `/accounts/${other.id}/cfd_tunnel`, tunnelBody)).toMatchObject({
            status: 200,
        });
        expect([await tunnelsOf(accountId), await tunnelsOf(other.id)]).toEqual([0, 1]);
        // The same name in the other account is nobody's yet.
        expect(await call(emulator, "POST", tunnels, tunnelBody)).toMatchObject({ status: 200 });
        emulator.reset();
        expect([await tunnelsOf(accountId), await tunnelsOf(other.id)]).toEqual([0, 0]);
        expect([await zonesOf(accountId), await zonesOf(other.id)]).toEqual([["example.com"], ["example.org"]]);
        const organization = await call(emulator, "GET", `/accounts/${other.id}/access/organizations`);
        expect(organization.result.auth_domain).toBe("other.cloudflareaccess.com");
    });

    it("with options that cannot be used names them all", async () => {
        const error = await startError(
            CloudflareEmulator.start({
                port: 70_000,
                accountId: "A",
                team: "a.b",
                zones: [{ name: "http://x" }],
                apiToken: "x",
            }),
        );
        expect(error.code).toBe("invalid-option");
        const named = error.message.split("\n").map((line) => line.split(":")[0]);
        expect(named).toEqual(["port", "apiToken", "accountId", "zones.0.name", "team"]);
    });
});

describe("the state file", () => {
    it("brings everything back in the next emulator, and only its owner can read it", async () => {
        await using folder = await temporaryFolder();
        const stateFile = join(folder.path, "state.json");
        let token: string;
        {
            await using emulator = await startEmulator({ stateFile });
            const { result } = await call(emulator, "POST", tunnels, { name: "edge" });
            token = result.token;
            await call(emulator, "POST", `/zones/${zoneId}/dns_records`, {
                name: "a",
                type: "A",
                content: "192.0.2.1",
            });
        }
        expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
        await using again = await CloudflareEmulator.start({ stateFile });
        expect(again.accountId).toBe(accountId);
        const [tunnel] = (await call(again, "GET", tunnels)).result;
        expect((await call(again, "GET", `${tunnels}/${tunnel.id}/token`)).result).toBe(token);
        expect((await call(again, "GET", `/zones/${zoneId}/dns_records`)).result).toHaveLength(1);
        expect((await call(again, "GET", `/accounts/${accountId}/access/organizations`)).result.name).toBe("team");
    });

    it("holds every change before its answer", async () => {
        await using folder = await temporaryFolder();
        const stateFile = join(folder.path, "state.json");
        await using emulator = await startEmulator({ stateFile });
        const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
        await Promise.all(
            names.map(async (name) => {
                await call(emulator, "POST", tunnels, { name });
                expect(await readFile(stateFile, "utf8")).toContain(`"name":"${name}"`);
            }),
        );
        expect(await readdir(folder.path)).toEqual(["state.json"]);
    });

    it("is not touched by an emulator that cannot have its port", async () => {
        await using folder = await temporaryFolder();
        const stateFile = join(folder.path, "state.json");
        await using emulator = await startEmulator({ stateFile });
        await call(emulator, "POST", tunnels, { name: "edge" });
        const before = await stat(stateFile);
        const port = Number(new URL(emulator.apiBaseUrl).port);
        expect((await startError(startEmulator({ stateFile, port }))).code).toBe("port-in-use");
        expect((await stat(stateFile)).ino).toBe(before.ino);
    });

    it("takes a team or a zone that is asked for later", async () => {
        await using folder = await temporaryFolder();
        const stateFile = join(folder.path, "state.json");
        await (await startEmulator({ stateFile }))[Symbol.asyncDispose]();
        await using emulator = await startEmulator({
            stateFile,
            team: "other",
            zones: [{ name: "example.com" }, { name: "b.org" }],
        });
        const zones = (await call(emulator, "GET", "/zones")).result as { id: string; name: string }[];
        expect(zones.map(({ name }) => name)).toEqual(["example.com", "b.org"]);
        expect(zones[0]?.id).toBe(zoneId);
        const organization = await call(emulator, "GET", `/accounts/${accountId}/access/organizations`);
        expect(organization.result.auth_domain).toBe("other.cloudflareaccess.com");
    });

    it.each([
        ["cut off", '{"format":"sallyport-emulator","version":1,"conte'],
        ["another program's", '{"hello":"world"}'],
        ["of a later version", '{"format":"sallyport-emulator","version":2,"contents":{}}'],
    ])("that is %s is an error, and is left as it is", async (_, text) => {
        await using folder = await temporaryFolder();
        const stateFile = join(folder.path, "state.json");
        await writeFile(stateFile, text);
        const error = await startError(startEmulator({ stateFile }));
        expect(error.code).toBe("state-damaged");
        expect(error.message).toContain(stateFile);
        expect(await readFile(stateFile, "utf8")).toBe(text);
    });

    it("in a folder that is not there is an error at the start", async () => {
        await using folder = await temporaryFolder();
        const error = await startError(startEmulator({ stateFile: join(folder.path, "missing", "state.json") }));
        expect(error.code).toBe("state-unavailable");
    });

    it("that cannot be written any more fails the change's answer, and works again later", async () => {
        await using folder = await temporaryFolder();
        const inner = join(folder.path, "inner");
        const stateFile = join(inner, "state.json");
        await mkdir(inner);
        await using emulator = await startEmulator({ stateFile });
        await rm(inner, { recursive: true });
        expect(await call(emulator, "POST", tunnels, { name: "lost" })).toMatchObject({
            status: 500,
            errors: [{ message: expect.stringContaining("cannot be written") }],
        });
        expect((await call(emulator, "GET", tunnels)).status).toBe(200);
        await mkdir(inner);
        expect((await call(emulator, "POST", tunnels, { name: "kept" })).status).toBe(200);
        expect(await readFile(stateFile, "utf8")).toContain('"name":"kept"');
    });
});

it("a reset gives the start again, with the same ids", async () => {
    await using emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }] });
    const path = `/accounts/${emulator.accountId}/cfd_tunnel`;
    const zones = (await call(emulator, "GET", "/zones")).result;
    await call(emulator, "POST", path, { name: "edge" });
    emulator.faults.add({ path: "/**", outcome: { kind: "status", status: 500 } });
    emulator.reset();
    expect(emulator.requests).toEqual([]);
    expect((await call(emulator, "GET", path)).result).toEqual([]);
    expect((await call(emulator, "GET", "/zones")).result.map(({ id }: { id: string }) => id)).toEqual([zones[0].id]);
});

it("a snapshot is a copy: later changes do not reach it, and changing it reaches nothing", async () => {
    await using emulator = await startEmulator();
    const snapshot = emulator.snapshot();
    const text = JSON.stringify(snapshot);
    await call(emulator, "POST", tunnels, { name: "edge" });
    expect(JSON.stringify(snapshot)).toBe(text);
    const [row] = emulator.snapshot().contents[accountId]?.tunnels ?? [];
    Object.assign(row ?? {}, { name: "changed" });
    expect((await call(emulator, "GET", tunnels)).result).toMatchObject([{ name: "edge" }]);
    expect(() => emulator.restore({ format: "other" } as unknown as EmulatorSnapshot)).toThrow(EmulatorError);
    emulator.restore(snapshot);
    expect((await call(emulator, "GET", tunnels)).result).toEqual([]);
});

describe("any sequence of operations", () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const operation = fc.oneof(
        fc.record({ kind: fc.constant("tunnel" as const), name }),
        fc.record({
            kind: fc.constant("configuration" as const),
            index: fc.nat(3),
            service: fc.constantFrom("http://a", "http://b"),
        }),
        fc.record({ kind: fc.constant("policy" as const), name }),
        fc.record({ kind: fc.constant("app" as const), name, policies: fc.nat(2) }),
        fc.record({ kind: fc.constant("record" as const), name, type: fc.constantFrom("A", "CNAME", "TXT") }),
        fc.record({ kind: fc.constant("route" as const), index: fc.nat(3), octet: fc.nat(2) }),
        fc.record({
            kind: fc.constant("delete" as const),
            what: fc.constantFrom("tunnel", "policy", "app", "record"),
            index: fc.nat(3),
        }),
    );
    type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

    const collections = {
        tunnel: `${tunnels}?is_deleted=false`,
        policy: `/accounts/${accountId}/access/policies`,
        app: `/accounts/${accountId}/access/apps`,
        record: `/zones/${zoneId}/dns_records`,
        route: `/accounts/${accountId}/teamnet/routes`,
    };
    const contents = { A: "192.0.2.1", CNAME: "o.example.org", TXT: "text" };

    const idsOf = async (emulator: CloudflareEmulator, what: keyof typeof collections): Promise<string[]> =>
        (await call(emulator, "GET", collections[what])).result.map(({ id }: { id: string }) => id);

    async function perform(emulator: CloudflareEmulator, step: Operation): Promise<void> {
        const at = <Item>(items: readonly Item[], index: number) => items[index % Math.max(1, items.length)];
        switch (step.kind) {
            case "tunnel":
                await call(emulator, "POST", tunnels, { name: step.name });
                return;
            case "configuration": {
                const id = at(await idsOf(emulator, "tunnel"), step.index);
                const config = { ingress: [{ service: step.service }] };
                await call(emulator, "PUT", `${tunnels}/${id}/configurations`, { config });
                return;
            }
            case "policy":
                await call(emulator, "POST", collections.policy, {
                    name: step.name,
                    decision: "allow",
                    include: [{ everyone: {} }],
                });
                return;
            case "app": {
                const policies = (await idsOf(emulator, "policy")).slice(0, step.policies);
                await call(emulator, "POST", collections.app, { domain: `${step.name}.example.com`, policies });
                return;
            }
            case "record": {
                const type = step.type as keyof typeof contents;
                await call(emulator, "POST", collections.record, { name: step.name, type, content: contents[type] });
                return;
            }
            case "route": {
                const tunnel_id = at(await idsOf(emulator, "tunnel"), step.index);
                await call(emulator, "POST", collections.route, { tunnel_id, network: `10.${step.octet}.0.0/16` });
                return;
            }
            case "delete": {
                const what = step.what as "tunnel" | "policy" | "app" | "record";
                const id = at(await idsOf(emulator, what), step.index);
                await call(emulator, "DELETE", `${collections[what].split("?")[0]}/${id}`);
            }
        }
    }

    async function answers(emulator: CloudflareEmulator): Promise<unknown[]> {
        const lists = await Promise.all(Object.values(collections).map((path) => call(emulator, "GET", path)));
        const ids = await idsOf(emulator, "tunnel");
        const documents = await Promise.all(ids.map((id) => call(emulator, "GET", `${tunnels}/${id}/configurations`)));
        return [...lists, ...documents].map(({ status, result, result_info }) => ({ status, result, result_info }));
    }

    it("gives the same answers after a snapshot, more operations and a restore, here and in another emulator", async () => {
        await using emulator = await startEmulator();
        await using other = await startEmulator();
        const steps = fc.array(operation, { maxLength: 12 });
        const property = fc.asyncProperty(steps, steps, async (before, after) => {
            emulator.reset();
            for (const step of before) {
                await perform(emulator, step);
            }
            const expected = await answers(emulator);
            const snapshot: EmulatorSnapshot = JSON.parse(JSON.stringify(emulator.snapshot()));
            for (const step of after) {
                await perform(emulator, step);
            }
            emulator.restore(snapshot);
            other.restore(snapshot);
            expect(await answers(emulator)).toEqual(expected);
            expect(await answers(other)).toEqual(expected);
        });
        await fc.assert(property, { numRuns: 40, seed: 1 });
    });
});
