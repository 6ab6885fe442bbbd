import { checkRotation } from "../internal/checkRotation.ts";
import { plain } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    memberProblem,
    tunnelIdProblem,
    tunnelNameProblem,
    versionProblem,
} from "../validation/index.ts";
import { TunnelManagement } from "./management.ts";
import type { NamedTunnelArgs } from "./namedTunnel.ts";

/** Checks the arguments of a {@link NamedTunnel}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkTunnelArgs(name: string, args: NamedTunnelArgs): void {
    const problems = checkShape("NamedTunnel", name, args);
    const { rotation, adoptTunnelId, formerName } = args;
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("tunnelName", args.tunnelName ?? name, tunnelNameProblem);
    problems.check("management", args.management, (one) => memberProblem(one, Object.values(TunnelManagement)));
    problems.check("secretVersion", args.secretVersion, versionProblem);
    problems.check("formerName", formerName, (former) =>
        former === "" ? "is empty. Write the old resource's logical name, or leave it out." : undefined,
    );
    checkRotation(problems, rotation, { secretVersion: args.secretVersion });
    if (adoptTunnelId !== undefined) {
        problems.check("adoptTunnelId", adoptTunnelId, tunnelIdProblem);
        if (plain(args.accountId) === undefined) {
            problems.add(
                "accountId",
                "is not known yet, and an adopted tunnel is looked up in it. Write the id itself.",
            );
        }
        for (const key of ["rotation", "secretVersion", "formerName"] as const) {
            const stray = 'contradicts "adoptTunnelId": an adopted tunnel keeps what it has. Leave one of them out.';
            problems.add(key, args[key] === undefined ? undefined : stray);
        }
    }
    problems.throwIfAny("NamedTunnel", name);
}
