import { cloudflaredEnv } from "../processes/cloudflaredEnv.ts";
import { startTied, type TiedProcess } from "../processes/tied.ts";

export interface ConnectorOptions {
    /** The `cloudflared` to run. */
    readonly executable: string;
    readonly tunnelId: string;
    /** The tunnel's credentials, a file that only its owner reads. */
    readonly credentialsFile: string;
    /** Settings file to read in place of one in the user's home or in /etc, which must not have a say. */
    readonly configFile: string;
    /** Further environment: where another edge than Cloudflare's is. */
    readonly env: Readonly<Record<string, string>>;
}

/** cloudflared's words for a connection to the edge, and for the ingress rules that it was sent then (`connection/`, `orchestration/`). */
const REGISTERED = /Registered tunnel connection/;
const CONFIGURED = /Updated to new configuration/;

/** A connector of a tunnel as a process of this machine, which ends with this process. */
export class Connector implements TiedProcess {
    readonly ended: Promise<string>;
    /** Resolves when it is connected and knows its ingress rules. */
    readonly serving: Promise<void>;
    readonly #process: TiedProcess;

    static start({ executable, tunnelId, credentialsFile, configFile, env }: ConnectorOptions): Connector {
        const serving = Promise.withResolvers<void>();
        const missing = new Set([REGISTERED, CONFIGURED]);
        let last = "";
        const args = ["tunnel", "--config", configFile, "run", "--credentials-file", credentialsFile, tunnelId];
        const tied = startTied(executable, args, {
            env: cloudflaredEnv({
                TUNNEL_METRICS: "127.0.0.1:0",
                TUNNEL_MANAGEMENT_DIAGNOSTICS: "false",
                TUNNEL_GRACE_PERIOD: "1s",
                ...env,
            }),
            onLine: (line) => {
                last = line;
                for (const expected of missing) {
                    if (expected.test(line)) {
                        missing.delete(expected);
                    }
                }
                if (missing.size === 0) {
                    serving.resolve();
                }
            },
        });
        const ended = tied.ended.then((how) => (last === "" ? how : `${how}: ${last}`));
        return new Connector(tied, ended, serving.promise);
    }

    private constructor(tied: TiedProcess, ended: Promise<string>, serving: Promise<void>) {
        this.#process = tied;
        this.ended = ended;
        this.serving = serving;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#process[Symbol.asyncDispose]();
    }
}
