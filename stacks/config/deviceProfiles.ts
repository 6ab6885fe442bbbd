import { z } from "zod";
import { deviceMatchProblem, splitTunnelProblems } from "../../components/validation/index.ts";
import type { ConfigIssue } from "./configError.ts";
import { addProblems, text } from "./text.ts";

/** What the client on some devices sends to Cloudflare. */
export interface DeviceProfileConfig {
    name: string;
    /** Whose devices: an expression over identity or operating system. */
    match: string;
    /** Place among the account's profiles: the lowest that matches holds. */
    precedence: number;
    /** Only these ranges and host names; omitted means everything but `exclude`. */
    include?: string[] | undefined;
    /** Everything but these; omitted means the client's usual list. */
    exclude?: string[] | undefined;
    /** Whether people may switch the client off; omitted means no. */
    mayDisconnect?: boolean | undefined;
    /** Whether people may take the device out of the organisation; omitted means no. */
    mayLeave?: boolean | undefined;
}

/** The same as zod checks it, without the name; what profiles have to do with each other is checked by {@link deviceProfileIssues}. */
export const deviceProfile = z
    .strictObject({
        match: text(deviceMatchProblem),
        precedence: z.number(),
        include: z.array(z.string()).optional(),
        exclude: z.array(z.string()).optional(),
        mayDisconnect: z.boolean().optional(),
        mayLeave: z.boolean().optional(),
    })
    .superRefine((profile, context) => addProblems(context, splitTunnelProblems(profile)));

/** Every place that two profiles would have, by path below them: `.office.precedence`. */
export function deviceProfileIssues(profiles: Readonly<Record<string, { precedence: number }>>): ConfigIssue[] {
    const holders = new Map<number, string>();
    return Object.entries(profiles).flatMap(([name, { precedence }]) => {
        const holder = holders.get(precedence);
        if (holder === undefined) {
            holders.set(precedence, name);
            return [];
        }
        const reason = `${precedence} is already the place of deviceProfiles.${holder}. Write another number: the lowest that matches holds.`;
        return [{ path: `.${name}.precedence`, reason }];
    });
}
