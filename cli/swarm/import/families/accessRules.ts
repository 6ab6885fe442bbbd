import { z } from "zod";
import type { People, SourceLabel, Who } from "../source.ts";

/** A rule of Access in the forms that can be said in a stack file (Cloudflare API, Access policies). */
const RULE = z.union([
    z.strictObject({ email: z.strictObject({ email: z.string() }) }),
    z.strictObject({ email_domain: z.strictObject({ domain: z.string() }) }),
    z.strictObject({ ip: z.strictObject({ ip: z.string() }) }),
    z.strictObject({ geo: z.strictObject({ country_code: z.string() }) }),
]);

/** A rule with what it does beside it, or a policy with its rules. */
const POLICIES = z.array(
    z.union([
        z.looseObject({
            include: z.array(z.unknown()),
            decision: z.string().optional(),
            action: z.string().optional(),
        }),
        z.looseObject({ action: z.string().optional(), decision: z.string().optional() }),
    ]),
);

/** What may stand beside `include` without narrowing or widening who enters. */
const HARMLESS = new Set(["include", "decision", "action", "name", "precedence"]);

/** Who a list of Access rules in JSON lets in; a text instead of that says why it cannot be said here. */
export function peopleOfRules(label: SourceLabel, name: string): Who | string {
    let policies: z.infer<typeof POLICIES>;
    try {
        policies = POLICIES.parse(JSON.parse(label.value));
    } catch {
        return "is no list of Access rules in JSON";
    }
    const people: Required<Pick<People, "emails" | "emailDomains" | "ipRanges" | "countries">> = {
        emails: [],
        emailDomains: [],
        ipRanges: [],
        countries: [],
    };
    for (const policy of policies) {
        const { include, decision, action = decision ?? "allow", ...rest } = policy;
        if (action !== "allow") return `has the action "${action}", and audiences only let people in`;
        const stray = Array.isArray(include) ? Object.keys(rest).find((key) => !HARMLESS.has(key)) : undefined;
        if (stray !== undefined) return `has "${stray}", which would be lost`;
        for (const rule of Array.isArray(include) ? include : [rest]) {
            if (isEverybody(rule)) return { kind: "everybody", label };
            const parsed = RULE.safeParse(rule);
            if (!parsed.success) return `has a rule that no audience says in these words: ${JSON.stringify(rule)}`;
            if ("email" in parsed.data) people.emails.push(parsed.data.email.email);
            else if ("email_domain" in parsed.data) people.emailDomains.push(parsed.data.email_domain.domain);
            else if ("ip" in parsed.data) people.ipRanges.push(parsed.data.ip.ip);
            else people.countries.push(parsed.data.geo.country_code);
        }
    }
    const said = Object.fromEntries(Object.entries(people).filter(([, list]) => list.length > 0));
    return Object.keys(said).length === 0 ? "lets nobody in" : { kind: "people", name, people: said };
}

function isEverybody(rule: unknown): boolean {
    return typeof rule === "object" && rule !== null && "everyone" in rule;
}
