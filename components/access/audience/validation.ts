import { type Problems, plain } from "../../internal/problems.ts";
import { checkShape } from "../../internal/shape.ts";
import {
    accountIdProblem,
    audienceConditionProblems,
    audienceMemberProblems,
    audienceProblem,
    displayNameProblem,
    groupProblems,
    nameProblem,
    sessionDurationProblem,
} from "../../validation/index.ts";
import type { AccessAudienceArgs } from "../accessAudience.ts";
import type { IdentityGroup } from "./conditions.ts";

/** @throws pulumi.InputPropertiesError with every mistake in `args`. */
export function checkAudience(name: string, args: AccessAudienceArgs): void {
    const problems = checkShape("AccessAudience", name, args);
    const { require, exclude } = args;
    const serviceTokenIds = namesTokens(args) ? [args.serviceTokenIds] : [];
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("audienceName", args.audienceName ?? name, displayNameProblem);
    problems.add("emails", audienceProblem({ ...args, serviceTokenIds }));
    problems.addAll(audienceMemberProblems(args));
    problems.addAll(audienceConditionProblems({ ...args, serviceTokenIds }));
    problems.checkEach("serviceTokenIds", args.serviceTokenIds, (id) =>
        id === "" ? 'is empty. Give the "tokenId" of a ServiceToken.' : undefined,
    );
    problems.checkEach("certificateCommonNames", args.certificateCommonNames, nameProblem);
    checkGroups(problems, "groups", args.groups);
    checkGroups(problems, "require.groups", require?.groups);
    checkGroups(problems, "exclude.groups", exclude?.groups);
    problems.checkIds("require.identityProviderIds", require?.identityProviderIds);
    for (const [index, { anyOf }] of (require?.posture ?? []).entries()) {
        problems.checkIds(`require.posture[${index}].anyOf`, anyOf);
    }
    problems.check("justification.prompt", args.justification?.prompt);
    problems.check("sessionDuration", args.sessionDuration, sessionDurationProblem);
    problems.throwIfAny("AccessAudience", name);
}

/** An output counts as naming tokens: its policy must exist before its elements are known. */
export function namesTokens({ serviceTokenIds }: AccessAudienceArgs): boolean {
    return serviceTokenIds !== undefined && plain(serviceTokenIds)?.length !== 0;
}

function checkGroups(problems: Problems, path: string, groups: readonly IdentityGroup[] = []): void {
    for (const [index, group] of groups.entries()) {
        problems.check(`${path}[${index}].identityProviderId`, group.identityProviderId, (id) =>
            id === "" ? 'is empty. Give the "providerId" of an IdentityProvider.' : undefined,
        );
        problems.addAll(groupProblems(`${path}[${index}]`, group));
    }
}
