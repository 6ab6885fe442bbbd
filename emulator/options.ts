import { z } from "zod";
import type { RateLimit } from "./api/http/rateLimit.ts";
import { hexIdPattern } from "./api/identifiers.ts";
import { isPrivateRange } from "./containerNetwork.ts";
import { EmulatorError, EmulatorErrorCode } from "./emulatorError.ts";
import { isReservedZone } from "./ownNames.ts";

/** A zone that exists from the start. */
export interface ZoneOption {
    /** Domain name, for example `example.com`. */
    readonly name: string;
    /** 32 hex digits; made when left out. */
    readonly id?: string | undefined;
}

/** An account beside the first one. */
export interface AccountOption {
    /** 32 hex digits. */
    readonly id: string;
    /** Name of its Access team, as {@link EmulatorOptions.team}. */
    readonly team: string;
    /** Zones that it has from the start; none by default. */
    readonly zones?: readonly ZoneOption[] | undefined;
}

/** How an emulator is started. Everything can be left out. */
export interface EmulatorOptions {
    /** TCP port on 127.0.0.1. The default, 0, takes a free one. */
    readonly port?: number | undefined;
    /**
     * In a container: private range of one of its networks, in CIDR form, in which the API listens as well, on the same port. Refused outside containers. Loopback alone by default.
     */
    readonly network?: string | undefined;
    /**
     * File that the state is read from at the start and written to after each change; only its owner may read it. By
     * default the state lives in memory alone.
     */
    readonly stateFile?: string | undefined;
    /** The one token that clients must send, 40 letters, digits, `-` or `_`. A random one by default. */
    readonly apiToken?: string | undefined;
    /** 32 hex digits. By default the account in the state file, or a new one. */
    readonly accountId?: string | undefined;
    /** Zones that the account has from the start; those that the state file has already are kept. None by default. */
    readonly zones?: readonly ZoneOption[] | undefined;
    /** Name of the Access team: the organization's domain is `<team>.cloudflareaccess.com`. `sallyport` by default. */
    readonly team?: string | undefined;
    /**
     * Further accounts, which the one token opens as well. The API serves all of them alike; an edge serves the first account's hostnames and Access.
     * None by default.
     */
    readonly furtherAccounts?: readonly AccountOption[] | undefined;
    /** How many requests the log keeps, 1,000 by default. */
    readonly requestLogLimit?: number | undefined;
    /** Cloudflare allows 1,200 requests in 300 seconds. By default the emulator allows any number, to be fast. */
    readonly rateLimit?: RateLimit | undefined;
    /** Decides which requests a fault with a probability strikes, 1 by default. */
    readonly faultSeed?: number | undefined;
    /** The time that objects are stamped with; the machine's own by default. */
    readonly clock?: (() => Date) | undefined;
}

const accountId = z.string().regex(hexIdPattern, "is not an account id; it takes 32 hex digits in lower case");

const zones = z
    .array(
        z.strictObject({
            name: z
                .string()
                .regex(/^([a-z0-9_-]+\.)+[a-z0-9-]+$/, "is not a domain name in lower case, such as example.com")
                .refine((name) => !isReservedZone(name), "is a domain of the emulator's own; choose another"),
            id: z.string().regex(hexIdPattern, "is not a zone id; it takes 32 hex digits in lower case").optional(),
        }),
    )
    .default([]);

const team = z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not a team name; it takes lower-case letters, digits and -");

const schema = z.strictObject({
    port: z.int().min(0).max(65535, "is not a port; ports go up to 65535").default(0),
    network: z.string().refine(isPrivateRange, "is not a range of private addresses, such as 10.214.0.0/24").optional(),
    stateFile: z.string().min(1).optional(),
    apiToken: z
        .string()
        .regex(/^[A-Za-z0-9_-]{40}$/, "is not a token; it takes 40 letters, digits, - or _")
        .optional(),
    accountId: accountId.optional(),
    zones,
    team: team.optional(),
    furtherAccounts: z.array(z.strictObject({ id: accountId, team, zones })).default([]),
    requestLogLimit: z.int().min(1).default(1000),
    rateLimit: z.strictObject({ requests: z.int().min(1), seconds: z.number().positive() }).optional(),
    faultSeed: z.int().default(1),
    clock: z.custom<() => Date>((value) => typeof value === "function").default(() => () => new Date()),
});

export type CheckedOptions = z.output<typeof schema>;

/** The options with their defaults. @throws EmulatorError `invalid-option` that names every mistake. */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
    const parsed = schema.safeParse(options);
    if (parsed.success) {
        return parsed.data;
    }
    const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new EmulatorError(EmulatorErrorCode.InvalidOption, mistakes.join("\n"), { cause: parsed.error });
}
