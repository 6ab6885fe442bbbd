import type { ApiRequest } from "../../http/endpoint.ts";
import { accessConflict } from "./accessErrors.ts";
import { applications } from "./application.ts";
import { groups } from "./group.ts";
import { ownScopes } from "./ownScopes.ts";
import { policies } from "./policy.ts";
import type { AccessRule, RuleLists } from "./rules.ts";

/**
 * Refuses to delete what a policy or a group still refers to: without it a requirement would mean nothing. That Cloudflare
 * refuses is documented for reusable policies alone; for groups and posture rules neither that nor the text is verified.
 *
 * @param refers Whether a rule refers to it.
 * @throws ApiError 409 with the names of those that do.
 */
export function refuseWhileReferred(request: ApiRequest, what: string, refers: (rule: AccessRule) => boolean): void {
    const { store } = request.services;
    const holders = ownScopes(request).flatMap((scope): NamedRules[] => [
        ...store.table(scope, policies).all(),
        ...store.table(scope, groups).all(),
        ...store
            .table(scope, applications)
            .all()
            .flatMap(({ name, policies: attached }) => attached.flatMap(({ own }) => (own ? [{ ...own, name }] : []))),
    ]);
    const users = holders.filter((lists) => rulesOf(lists).some(refers)).map(({ name }) => name);
    if (users.length > 0) {
        throw accessConflict(`${what} is used by ${users.join(", ")}`);
    }
}

interface NamedRules extends Partial<RuleLists> {
    readonly name: string;
}

function rulesOf({ include = [], require = [], exclude = [] }: NamedRules): readonly AccessRule[] {
    return [...include, ...require, ...exclude];
}
