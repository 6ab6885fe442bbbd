import type { Environment } from "../../stacks/config/environment.ts";
import { type Rotatable, RotatableKind, rotatablesOf } from "../../stacks/rotation/rotatable.ts";
import { type Standing, standingAt } from "../../stacks/rotation/standing.ts";
import type { SerializedResource } from "../reach/resources.ts";
import { certificatesIn, type DeployedCertificate } from "./certificates.ts";

/** How something that can be rotated stands. */
export const RotationState = {
    /** A deployment rotates it: the calendar asks for another one than is deployed, or a rotation was begun and not ended. */
    Due: "due",
    /** It was rotated so lately that the one before is still good. */
    Settling: "settling",
    /** The calendar rotates it later. */
    Scheduled: "scheduled",
    /** Nothing rotates it. */
    Unscheduled: "unscheduled",
} as const;
export type RotationState = (typeof RotationState)[keyof typeof RotationState];

/** One secret of a stack, as `preview` and `rotate` list it; a part of the command line's contract. */
export interface RotationEntry {
    /** Name for `--only`: `tunnel`, `service-token/ci`. */
    readonly name: string;
    readonly state: RotationState;
    /** Since when it is in use, in RFC 3339; left out where nothing is deployed yet. */
    readonly since?: string;
    /** When it is due, in RFC 3339; left out without a schedule. */
    readonly dueAt?: string;
    /** Whole days until then, below zero once it is over. */
    readonly dueInDays?: number;
    /** Until when the one before is still good beside it, in RFC 3339. */
    readonly settlesAt?: string;
}

const DAY_MS = 86_400_000;

/**
 * What of a stack is rotated, most urgent first: what its file asks for, held against what its state says was deployed.
 *
 * @param resources the stack's state; what the engine keeps in it tells ages.
 */
export function rotationEntries(
    environment: Environment,
    resources: readonly SerializedResource[],
    now: Date,
): RotationEntry[] {
    const deployed = deployedGenerations(resources);
    const certificates = certificatesIn(resources);
    const own = rotatablesOf(environment).map((rotatable) => {
        const standing = standingAt(rotatable.declared, now);
        const renewal = rotatable.kind === RotatableKind.ProxyCertificate ? certificates.proxy : undefined;
        return entryOf(rotatable, standing, { generation: deployed[rotatable.name], renewal, resources, now });
    });
    const others = certificates.others.map((certificate) => certificateEntry(certificate, now));
    return [...own, ...others].toSorted(byUrgency);
}

interface Deployed {
    /** What the stack's state says is deployed; undefined where it says nothing. */
    readonly generation: string | undefined;
    /** The certificate that comes with the secret, if one does. */
    readonly renewal: DeployedCertificate | undefined;
    readonly resources: readonly SerializedResource[];
    readonly now: Date;
}

function entryOf(
    rotatable: Rotatable,
    standing: Standing,
    { generation, renewal, resources, now }: Deployed,
): RotationEntry {
    const { name } = rotatable;
    const isDeployed = generation === standing.generation;
    const made = madeAt(rotatable, standing, resources);
    const since = made === undefined ? {} : { since: made };
    if (!isDeployed)
        return { name, state: RotationState.Due, ...since, ...dueAt(standing.since ?? now.toISOString(), now) };
    const next = earliest(standing.nextAt, renewal?.renewsAt);
    if (next !== undefined && Date.parse(next) <= now.getTime()) {
        return { name, state: RotationState.Due, ...since, ...dueAt(next, now) };
    }
    const due = next === undefined ? {} : dueAt(next, now);
    if (standing.settlesAt !== undefined) {
        return { name, state: RotationState.Settling, ...since, ...due, settlesAt: standing.settlesAt };
    }
    // A certificate that is renewed before its end does not make its key younger.
    const state = standing.nextAt === undefined ? RotationState.Unscheduled : RotationState.Scheduled;
    return { name, state, ...since, ...due };
}

function certificateEntry({ name, madeAt: since, renewsAt }: DeployedCertificate, now: Date): RotationEntry {
    const state = Date.parse(renewsAt) <= now.getTime() ? RotationState.Due : RotationState.Scheduled;
    return { name: `certificate/${name}`, state, ...(since === undefined ? {} : { since }), ...dueAt(renewsAt, now) };
}

/** What the stack exported when all of it was deployed last; empty where it never was, or by a program that did not tell. */
function deployedGenerations(resources: readonly SerializedResource[]): Readonly<Record<string, string>> {
    const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    return (stack?.outputs?.rotations ?? {}) as Record<string, string>;
}

/** Kinds of resource that are made when a secret is. */
const SECRET_TYPES: ReadonlySet<string> = new Set([
    "random:index/randomPassword:RandomPassword",
    "tls:index/privateKey:PrivateKey",
    "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
]);

/** The secret of a service token changes in place, so only the calendar knows its age; every other one is a resource that was made. */
function madeAt(
    { kind, madeWith }: Rotatable,
    { version, since }: Standing,
    resources: readonly SerializedResource[],
): string | undefined {
    const resource = resources.find(
        ({ urn, type, delete: isOld }) =>
            SECRET_TYPES.has(type) && isOld !== true && urn.endsWith(`::${madeWith(version)}`),
    );
    if (resource === undefined) return undefined;
    const isToken = kind === RotatableKind.ServiceToken || kind === RotatableKind.LinkToken;
    return isToken && version > 1 ? since : resource.created;
}

function dueAt(moment: string, now: Date): Pick<RotationEntry, "dueAt" | "dueInDays"> {
    return { dueAt: moment, dueInDays: Math.floor((Date.parse(moment) - now.getTime()) / DAY_MS) };
}

/** Days that have passed since a moment. */
export function daysSince(moment: string, now: Date): number {
    return Math.floor((now.getTime() - Date.parse(moment)) / DAY_MS);
}

function earliest(...moments: (string | undefined)[]): string | undefined {
    return moments
        .filter((moment) => moment !== undefined)
        .toSorted((one, other) => Date.parse(one) - Date.parse(other))[0];
}

/** What is due comes first, then by when it will be; what nothing rotates comes last, the oldest of it first. */
function byUrgency(one: RotationEntry, other: RotationEntry): number {
    const urgency = ({ state, dueAt: due }: RotationEntry) =>
        state === RotationState.Due ? -1 : due === undefined ? 1 : 0;
    return (
        urgency(one) - urgency(other) ||
        Date.parse(one.dueAt ?? one.since ?? "9999-01-01") - Date.parse(other.dueAt ?? other.since ?? "9999-01-01")
    );
}
