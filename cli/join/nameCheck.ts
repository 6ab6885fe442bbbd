import { getServers, Resolver } from "node:dns/promises";
import { type JoinFinding, no, ok } from "./finding.ts";

const ANSWER_WITHIN_MS = 2_000;
/** What a name server says of a name that it does not know: an answer all the same. */
const ANSWERS = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * Whether names of the federation's services are answered for.
 *
 * @param servers name servers to ask; the machine's own if omitted.
 */
export async function dnsCheck(domain: string, servers = getServers()): Promise<JoinFinding> {
    const id = "dns";
    const name = `consul.service.${domain}`;
    const resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: 1 });
    resolver.setServers(servers);
    try {
        const addresses = await resolver.resolve(name, "AAAA").catch(() => resolver.resolve(name, "A"));
        return ok(id, `${name} is ${addresses[0]}`);
    } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (ANSWERS.has(code)) {
            return ok(
                id,
                `the name servers answer; they know of no ${name}, which matters only where services are found by Consul`,
            );
        }
        return no(
            id,
            `no name server answers (${servers.join(", ") || "none is set"}: ${code})`,
            "Write a name server into /etc/resolv.conf that is reached from here.",
        );
    }
}
