import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { accountId, call, startEmulator, zoneId } from "./support.ts";

/**
 * Every request that the official Pulumi provider made for two programs, with the answer of a naive server that it
 * accepted. The emulator must give the same status and, apart from ids and times, the same fields, except where
 * Cloudflare is documented to answer otherwise: those cases are listed below.
 */
interface Exchange {
    readonly method: string;
    readonly path: string;
    readonly body?: unknown;
    readonly status: number;
    readonly result: unknown;
}

type Fields = Record<string, unknown>;

/** Where the recorded server differs from the documented API: which exchanges, why, and what is then expected. */
interface Difference {
    readonly why: string;
    readonly applies: (exchange: Exchange) => boolean;
    readonly expected: (result: Fields, exchange: Exchange, detached: ReadonlySet<string>) => unknown;
}

const without = (result: Fields, ...names: string[]): Fields =>
    Object.fromEntries(Object.entries(result).filter(([name]) => !names.includes(name)));

const differences: readonly Difference[] = [
    {
        why: "a tunnel's token holds the tunnel's real secret, which the recorded server did not know",
        applies: ({ path }) => path.endsWith("/token"),
        expected: () => expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
    },
    {
        why: "a higher client_secret_version rotates the secret, and the answer carries the new one",
        applies: ({ method, path }) => method === "PUT" && path.includes("/service_tokens/"),
        expected: (result) => ({ ...result, client_secret: expect.stringMatching(/^[0-9a-f]{64}$/) }),
    },
    {
        why: "the proxy cannot carry a TXT record",
        applies: ({ path, result }) => path.includes("/dns_records") && isRecord(result) && result.type === "TXT",
        expected: (result) => ({ ...result, proxiable: false }),
    },
    {
        why: "destinations, self_hosted_domains and domain are views of one list",
        applies: ({ path, result }) =>
            path.includes("/access/apps") &&
            isRecord(result) &&
            JSON.stringify(result).includes("web.example.com/admin"),
        expected: (result) => ({
            ...result,
            domain: "web.example.com",
            self_hosted_domains: ["web.example.com", "web.example.com/admin"],
        }),
    },
    {
        why: "an update of a certificate without hostnames detaches it from all of them",
        applies: ({ path, result }) =>
            path.includes("/access/certificates/") && isRecord(result) && "certificate" in result,
        expected: (result, { path }, detached) =>
            detached.has(path) ? { ...result, associated_hostnames: [] } : result,
    },
    {
        why: "the certificate authority's aud is its application's, and its key is a real one",
        applies: ({ path, result }) => path.endsWith("/ca") && isRecord(result) && "public_key" in result,
        expected: (result) => ({
            ...without(result, "aud"),
            public_key: expect.stringMatching(/^ecdsa-sha2-nistp256 AAAA\S+ open-ssh-ca@cloudflareaccess\.org$/),
        }),
    },
    {
        why: "a tag is deleted by its name, and a certificate authority has an id of its own",
        applies: ({ method, path }) => method === "DELETE" && (path.includes("/access/tags/") || path.endsWith("/ca")),
        expected: () => expect.any(Object),
    },
];

/** Fields that differ from one run to the next, and counts that the recorded server kept at zero. */
const volatile = new Set([
    ...["created_at", "updated_at", "created_on", "modified_on", "expires_at", "client_secret", "app_count"],
]);

/** Fields that other requests name again. */
const identifying = new Set(["id", "uid", "aud", "client_id"]);

const read = (name: string): Exchange[] =>
    readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Exchange => JSON.parse(line));

describe.each(["cloudflare", "cloudflare-zt"])("the official provider's requests for %s", (program) => {
    it("are answered as recorded, from create to destroy", async () => {
        await using emulator = await startEmulator();
        const replay = new Replay(emulator);
        for (const stage of ["1-create", "2-refresh", "3-update", "4-destroy"]) {
            for (const exchange of read(`${program}-${stage}`)) {
                await replay.repeat(exchange, stage);
            }
        }
        expect(replay.count).toBeGreaterThan(40);
    });
});

class Replay {
    count = 0;
    readonly #emulator: CloudflareEmulator;
    readonly #ids = new Map<string, string>();
    /** Paths of the certificates that an update without hostnames has detached. */
    readonly #detached = new Set<string>();

    constructor(emulator: CloudflareEmulator) {
        this.#emulator = emulator;
    }

    async repeat(exchange: Exchange, stage: string): Promise<void> {
        const { method, path, body, status } = this.#translated(exchange);
        if (method === "PUT" && path.includes("/access/certificates/")) {
            this.#detached.add(path);
        }
        const reply = await call(this.#emulator, method, path, body);
        const what = `${stage}: ${method} ${path} answered ${JSON.stringify(reply.errors)}`;
        expect(reply.status, what).toBe(status);
        this.#learn(exchange.result, reply.result);
        const translated = this.#translated(exchange);
        expect(reply.result, what).toMatchObject(expectedOf(translated, this.#detached) as Fields);
        this.count++;
    }

    /** The exchange with the ids that this emulator gave out in place of the recorded ones. */
    #translated(exchange: Exchange): Exchange {
        let text = JSON.stringify(exchange);
        for (const [recorded, ours] of this.#ids) {
            text = text.replaceAll(recorded, ours);
        }
        return JSON.parse(text);
    }

    #learn(recorded: unknown, ours: unknown): void {
        if (!isRecord(recorded) || !isRecord(ours)) {
            return;
        }
        for (const [name, value] of Object.entries(recorded)) {
            const own = ours[name];
            if (identifying.has(name) && typeof value === "string" && typeof own === "string" && value.length >= 32) {
                this.#ids.set(value, own);
            }
        }
    }
}

function expectedOf(exchange: Exchange, detached: ReadonlySet<string>): unknown {
    return differences
        .filter(({ applies }) => applies(exchange))
        .reduce<unknown>(
            (expected, { expected: change }) => change(expected as Fields, exchange, detached),
            steady(exchange.result),
        );
}

function steady(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(steady);
    }
    return isRecord(value)
        ? Object.fromEntries(
              Object.entries(value)
                  .filter(([name]) => !volatile.has(name))
                  .map(([name, inner]) => [name, steady(inner)]),
          )
        : value;
}

function isRecord(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

it("leaves nothing behind but what the provider never deletes", async () => {
    await using emulator = await startEmulator();
    const replay = new Replay(emulator);
    const before = emulator.snapshot();
    for (const stage of ["1-create", "2-refresh", "3-update", "4-destroy"]) {
        for (const exchange of read(`cloudflare-${stage}`)) {
            await replay.repeat(exchange, stage);
        }
    }
    const { contents } = emulator.snapshot();
    const { tunnels, ...rest } = contents[accountId] ?? {};
    expect(rest).toEqual(before.contents[accountId]);
    expect(tunnels).toEqual([expect.objectContaining({ name: "staging-2", deleted_at: expect.any(String) })]);
    expect(contents[zoneId]).toBeUndefined();
});
