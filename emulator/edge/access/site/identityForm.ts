import type { IdentityProvider } from "../../../accessDirectory.ts";
import type { Identity } from "../policy/subject.ts";
import { userIdOf } from "../session/sessions.ts";

/** Printable ASCII only: the address goes into a header towards the origin. */
const emailPattern = /^[!#-;=?A-~]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/;
const maximumLines = 100;
const maximumLineLength = 256;

export interface FormContext {
    readonly provider: Pick<IdentityProvider, "id" | "type" | "name">;
    readonly accountName: string;
    readonly knownPostureRules: readonly string[];
    readonly ip: string;
    readonly now: Date;
}

/** Whom the emulated provider's form describes, or everything that is wrong with what was typed into it. */
export function readIdentity(form: URLSearchParams, context: FormContext): Identity | { readonly mistakes: string[] } {
    const { provider, accountName, knownPostureRules, ip, now } = context;
    const mistakes: string[] = [];
    const text = (name: string) => (form.get(name) ?? "").trim();
    const lines = (name: string) => {
        const found = text(name)
            .split(/\r?\n/)
            .map((line) => line.trim())
            .filter((line) => line !== "");
        if (found.length > maximumLines || found.some((line) => line.length > maximumLineLength)) {
            mistakes.push(
                `${name}: more than ${maximumLines} lines, or one of more than ${maximumLineLength} characters`,
            );
        }
        return found;
    };
    const email = text("email");
    if (email.length > 254 || !emailPattern.test(email)) {
        mistakes.push(
            "E-mail address: is not one that Access knows; write for example ann@example.com, in ASCII letters",
        );
    }
    const country = text("country").toUpperCase();
    if (country !== "" && !/^[A-Z]{2}$/.test(country)) {
        mistakes.push("Country: is not a code of two letters; write for example PT");
    }
    const claims = readClaims(lines("claims"), mistakes);
    const groups = lines("groups");
    if (mistakes.length > 0) {
        return { mistakes };
    }
    const isPin = provider.type === "onetimepin";
    const name = text("name").slice(0, 200);
    return {
        userId: userIdOf(email, accountName),
        email,
        ...(name === "" || isPin ? {} : { name }),
        provider: { id: provider.id, type: provider.type, name: provider.name },
        groups: isPin ? [] : groups,
        claims: isPin ? {} : claims,
        authMethods: isPin
            ? ["otp"]
            : text("amr")
                  .split(/\s+/)
                  .filter((method) => method !== "")
                  .slice(0, 20),
        devicePosture: form.getAll("posture").filter((id) => knownPostureRules.includes(id)),
        ...(country === "" ? {} : { country }),
        ip,
        loggedInAt: now,
    };
}

function readClaims(lines: readonly string[], mistakes: string[]): Record<string, string[]> {
    const claims = new Map<string, string[]>();
    for (const line of lines) {
        const equals = line.indexOf("=");
        if (equals < 1) {
            mistakes.push(
                `Attributes or claims: "${line.slice(0, 40)}" has no name and value; write for example department=it`,
            );
            continue;
        }
        const name = line.slice(0, equals).trim();
        claims.set(name, [...(claims.get(name) ?? []), line.slice(equals + 1).trim()]);
    }
    return Object.fromEntries(claims);
}
