import { isIP } from "node:net";
import { durationProblem, durationSeconds, ipRangeProblem } from "../../stacks/config/values.ts";
import type { Mistakes } from "../mistakes.ts";
import { hostAndPort } from "../tls/target.ts";
import type { Target } from "./reflection.ts";
import type { ReflectorOptions } from "./reflector.ts";

/** First port of a reflector where none is written. */
export const REFLECTOR_PORT = 51_821;
/** A reflector is for the time in which somebody joins. */
const LIMITS = { min: "10s", max: "24h" };

/** Reads the peers that are to be asked. By address, because a name would be looked up by what is to be checked. */
export function reflectorTargets(texts: readonly string[], mistakes: Mistakes): Target[] {
    return texts.map((text) => {
        const { host, port = REFLECTOR_PORT } = hostAndPort("--reflector", text, mistakes);
        if (isIP(host) === 0) {
            mistakes.add("--reflector", `"${text}" is not an address. Write one such as [2001:db8:a::1]:51821.`);
        }
        return { address: host, port };
    });
}

export interface ReflectArguments {
    readonly address: string;
    readonly from: readonly string[];
    readonly port: number;
    readonly for: string;
}

/** Reads what was typed. What is returned counts only where there are no mistakes. */
export function reflectRequest(args: ReflectArguments, mistakes: Mistakes): ReflectorOptions & { forMs: number } {
    if (isIP(args.address) === 0) {
        mistakes.add(
            "--address",
            `"${args.address}" is not an address. Write one of this machine, such as 2001:db8:a::1.`,
        );
    }
    for (const range of args.from) mistakes.add("--from", ipRangeProblem(range));
    const duration = durationProblem(args.for, LIMITS);
    mistakes.add("--for", duration);
    return { ...args, forMs: duration === undefined ? durationSeconds(args.for) * 1000 : 0 };
}
