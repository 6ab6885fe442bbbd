import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    displayNameProblem,
    privateNetworkProblems,
    tunnelIdProblem,
    uuidProblem,
} from "../validation/index.ts";
import type { PrivateNetworkArgs } from "./privateNetwork.ts";

/** Checks the arguments of a {@link PrivateNetwork}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkNetworkArgs(name: string, args: PrivateNetworkArgs): void {
    const problems = checkShape("PrivateNetwork", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("networkName", args.networkName ?? name, displayNameProblem);
    problems.check("precedence", args.precedence, precedenceProblem);
    problems.addAll(privateNetworkProblems(args));
    for (const [index, { posture = [] }] of args.grants.entries()) {
        for (const [place, { anyOf }] of posture.entries()) {
            problems.checkIds(`grants[${index}].posture[${place}].anyOf`, anyOf);
        }
    }
    problems.check("virtualNetworkId", args.virtualNetworkId, uuidProblem);
    if (args.virtualNetworkId !== undefined && args.ownVirtualNetwork) {
        problems.add("virtualNetworkId", 'contradicts "ownVirtualNetwork". Leave one of them out.');
    }
    problems.throwIfAny("PrivateNetwork", name);
}

function precedenceProblem(precedence: number): string | undefined {
    const fits = Number.isSafeInteger(precedence) && precedence >= 1;
    return fits ? undefined : `${precedence} is not a precedence. Write a whole number from 1 on.`;
}
