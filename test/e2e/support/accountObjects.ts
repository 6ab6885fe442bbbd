import type { CloudflareEmulator } from "../../../emulator/index.ts";

/** What belongs to an account or a zone and is there without anybody's making, once it was set; the API has no way to delete it. */
const SETTINGS: ReadonlySet<string> = new Set(["accessCertificateSettings", "accessOrganizations", "smartRouting"]);

/** Everything that somebody made in the account: ids by kind, without what was deleted. */
export function objectsMade(emulator: CloudflareEmulator): Record<string, string[]> {
    const kinds = new Map<string, string[]>();
    for (const tables of Object.values(emulator.snapshot().contents)) {
        for (const [kind, rows] of Object.entries(tables)) {
            const present = rows.filter((row) => !("deleted_at" in row && row.deleted_at !== null));
            if (SETTINGS.has(kind) || present.length === 0) continue;
            kinds.set(kind, [...(kinds.get(kind) ?? []), ...present.map(({ id }) => id)].toSorted());
        }
    }
    return Object.fromEntries([...kinds].toSorted());
}

const SECRET_KEYS = /^(client_secret|tunnel_secret|secret|private_key|token)$/;

/** Every secret that the account keeps, wherever it lies. */
export function secretsOf(emulator: CloudflareEmulator): string[] {
    const found: string[] = [];
    const look = (value: unknown, key: string): void => {
        if (typeof value === "string" && SECRET_KEYS.test(key)) found.push(value);
        else if (typeof value === "object" && value !== null) {
            for (const [inner, one] of Object.entries(value)) look(one, inner);
        }
    };
    look(emulator.snapshot().contents, "");
    return [...new Set(found)];
}
