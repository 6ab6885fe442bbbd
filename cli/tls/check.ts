import type { TlsTarget } from "./handshake.ts";
import { judge, type TlsFinding } from "./judge.ts";
import { type OfferedVersion, offeredBy } from "./offered.ts";
import { webAnswers } from "./web.ts";

/** The answer of `sallyport tls check --json`, a part of the command line's contract. */
export interface TlsReport {
    /** Nothing is weak. Advice is in `checks` and does not count. */
    readonly ok: boolean;
    readonly host: string;
    readonly address: string;
    readonly versions: readonly OfferedVersion[];
    readonly checks: readonly TlsFinding[];
}

/** What is asked beside the server itself. */
export interface TlsCheckOptions {
    /** Port that is asked over plain HTTP whether it leads to HTTPS; none where omitted. */
    readonly plainPort?: number;
}

/**
 * Asks a TLS server what it takes and shows, and judges it.
 *
 * @throws CommandError (exit 3) where no TLS server answers.
 */
export async function checkTls(target: TlsTarget, { plainPort }: TlsCheckOptions = {}): Promise<TlsReport> {
    const offered = await offeredBy(target);
    const web = offered.preferred === undefined ? undefined : await webAnswers(target, plainPort);
    const checks = judge(offered, web);
    return {
        ok: checks.every(({ verdict }) => verdict !== "weak"),
        host: target.serverName,
        address: `${target.address}:${target.port}`,
        versions: offered.versions,
        checks,
    };
}
