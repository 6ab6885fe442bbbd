import { shortName } from "../engine/shortName.ts";
import type { DeclaredResource, SerializedResource } from "../reach/resources.ts";
import { declaresDocker, searchDocker } from "./dockerObjects.ts";
import { type Anchor, judge, type Testimony, titleOf } from "./evidence.ts";
import type { RecoveryTarget } from "./plan.ts";
import { AccountSearch } from "./search.ts";

/** An object that stands where the program would make one. */
export interface Finding {
    readonly declared: DeclaredResource;
    readonly id: string;
    /** What `pulumi import` calls it. */
    readonly importId: string;
    /** Kind and name, in words. */
    readonly title: string;
    /** Why it is known to be the stack's, or why not. */
    readonly reason: string;
    /** Whether it has to be made anew, because part of it is not told twice. */
    readonly isLost: boolean;
}

export interface Findings {
    /** What the stack made. */
    readonly own: readonly Finding[];
    /** What is in the way, and nothing shows whose it is. */
    readonly doubtful: readonly Finding[];
}

/**
 * Looks in the account and in Docker for what the program declares and the state has not got.
 *
 * @param missing what would be created.
 * @param present what the state has: it proves what it names.
 */
export async function findObjects(
    { stack, api, docker }: Pick<RecoveryTarget, "stack" | "api" | "docker">,
    missing: readonly DeclaredResource[],
    present: readonly SerializedResource[],
    testimony: Testimony,
): Promise<Findings> {
    const search = new AccountSearch(api);
    const { proven, doubtful } = judge(await search.candidates(missing), present.flatMap(anchorOf), testimony);
    const inAccount = proven.map(({ candidate, evidence }) => ({
        ...candidate,
        title: titleOf(candidate),
        reason: evidence,
        isLost: candidate.kind.lost !== undefined,
    }));
    const inDoubt = doubtful.map(({ candidate, reason }) => ({
        ...candidate,
        title: titleOf(candidate),
        reason,
        isLost: false,
    }));
    const ids = new Map([
        ...present.flatMap(({ urn, id }) => (id === undefined ? [] : [[urn, id] as const])),
        ...inAccount.map(({ declared, id }) => [declared.urn, id] as const),
    ]);
    const inDocker = declaresDocker(missing)
        ? await searchDocker(await docker(), shortName(stack.name), missing)
        : { own: [], doubtful: [] };
    return {
        own: [...inAccount, ...(await search.belongings(missing, ids)), ...inDocker.own],
        doubtful: [...inDoubt, ...inDocker.doubtful],
    };
}

function anchorOf({ urn, id, inputs, outputs }: SerializedResource): Anchor[] {
    if (id === undefined) return [];
    return [{ name: `${urn.split("::").at(-1)} of the state`, id, text: JSON.stringify([inputs, outputs]) }];
}
