import { join } from "node:path";
import { listShareObjects } from "../../../cli/share/objects.ts";
import type { ShareRequest } from "../../../cli/share/request.ts";
import { type ShareOptions, startShare } from "../../../cli/share/share.ts";
import type { ShareTarget } from "../../../cli/share/target.ts";
import type { CloudflareEmulator } from "../../../emulator/index.ts";
import { accountId, startEmulator, zoneId } from "../../emulator/support.ts";

let accounts = 0;

export const executable = join(import.meta.dirname, "fakeConnector.mjs");

export const request: ShareRequest = {
    ...{ emails: ["ann@example.com"], emailDomains: ["example.org"], duration: "10m", seconds: 600 },
    ...{ origin: new URL("http://127.0.0.1:3000"), hostname: "demo.example.com" },
};

/** An account to share in, with a journal of its own. */
export class AccountToShareIn implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly target: ShareTarget;

    static async start(): Promise<AccountToShareIn> {
        return new AccountToShareIn(await startEmulator());
    }

    private constructor(emulator: CloudflareEmulator) {
        this.emulator = emulator;
        this.target = {
            ...{ stack: `test-${process.pid}-${++accounts}`, accountId, team: "team" },
            zone: { id: zoneId, name: "example.com" },
            api: { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken },
        };
    }

    share(options: Partial<ShareOptions> = {}) {
        const { signal } = new AbortController();
        return startShare({ request, target: this.target, executable, signal, onNews: () => {}, ...options });
    }

    /** What shares have in the account, by kind. */
    async kinds(): Promise<string[]> {
        return (await listShareObjects(this.target)).map(({ kind }) => kind).sort();
    }

    /** The requests that changed something, oldest first, without ids. */
    get changes(): string[] {
        return this.emulator.requests
            .filter(({ method }) => method !== "GET")
            .map(({ method, path }) => `${method} ${path.replaceAll(/\/[0-9a-f-]{32,36}/g, "").replace(/\?.*/, "")}`);
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.emulator[Symbol.asyncDispose]();
    }
}
