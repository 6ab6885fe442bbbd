import type { IdentityProvider } from "../../../accessDirectory.ts";
import type { Identity } from "../policy/subject.ts";
import { userIdOf } from "../session/sessions.ts";

/** Printable ASCII only: the address goes into a header towards the origin. */
const emailPattern = /^[!#-;=?A-~]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}$/;
const maximumValues = 200;
const maximumValueLength = 256;

/** What an identity provider says of somebody who has logged in there. */
export interface Vouched {
    readonly email: string;
    readonly name?: string | undefined;
    /** As the provider writes them. None by default. */
    readonly groups?: readonly string[] | undefined;
    /** Claims or attributes, each with all its values. None by default. */
    readonly claims?: Readonly<Record<string, readonly string[]>> | undefined;
    /** `amr`, RFC 8176. None by default. */
    readonly authMethods?: readonly string[] | undefined;
    /** `acrs`, the ids of Entra ID's authentication contexts. None by default. */
    readonly authContexts?: readonly string[] | undefined;
}

/** A login that a provider, or what it answered, does not permit. The message is for the person. */
export class LoginRefusedError extends Error {
    override readonly name = "LoginRefusedError";
}

/** Whether Access takes this as somebody's e-mail address. */
export function isEmailAddress(text: string): boolean {
    return text.length <= 254 && emailPattern.test(text);
}

/** Where and through what a login took place. */
export interface LoginCircumstances {
    readonly provider: Pick<IdentityProvider, "id" | "type" | "name">;
    /** What addresses are distinguished by: the team's domain. */
    readonly accountName: string;
    readonly ip: string;
    readonly now: Date;
}

/** The person that a provider vouches for, as sessions keep them. @throws LoginRefusedError when there is no usable address. */
export function identityOf(vouched: Vouched, { provider, accountName, ip, now }: LoginCircumstances): Identity {
    const { email, name, groups = [], claims = {}, authMethods = [], authContexts = [] } = vouched;
    if (!isEmailAddress(email)) {
        throw new LoginRefusedError(
            `${provider.name} gave an e-mail address that Access does not know as one; it takes ASCII letters only`,
        );
    }
    return {
        userId: userIdOf(email, accountName),
        email,
        ...(name === undefined || name === "" ? {} : { name: name.slice(0, 200) }),
        provider: { id: provider.id, type: provider.type, name: provider.name },
        groups,
        claims,
        authMethods,
        authContexts,
        devicePosture: [],
        ip,
        loggedInAt: now,
    };
}

/**
 * The values of a claim or attribute as texts: each of a list, numbers and booleans as they are written. What has a structure of its
 * own is no value that a rule could name, and is left out.
 */
export function textsOf(value: unknown): string[] {
    return [value]
        .flat()
        .filter((item) => ["string", "number", "boolean"].includes(typeof item))
        .map(String)
        .filter((text) => text.length <= maximumValueLength)
        .slice(0, maximumValues);
}

/** The named claims or attributes of all that a provider said. */
export function selected(
    said: Readonly<Record<string, unknown>>,
    names: readonly string[],
): Readonly<Record<string, readonly string[]>> {
    const present = names.filter((name) => Object.hasOwn(said, name));
    return Object.fromEntries(present.map((name) => [name, textsOf(said[name])]));
}
