import { plain } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import { checkMiddlewares } from "../proxy/traefik/validation/middlewares.ts";
import { checkConnector, checkEdge } from "../tunnel/sidecarValidation.ts";
import { accountIdProblem, certificateProblem, teamProblem, zoneIdProblem } from "../validation/index.ts";
import { labelRulesProblems } from "./rulesValidation.ts";
import type { SwarmDiscoveryArgs } from "./swarmDiscovery.ts";

/** Labels come from whoever may deploy a service: what is wrong with them is that service's matter. */
const LABELS = /^services\[\d+\]\.labels\./;

/** Checks the arguments of a {@link SwarmDiscovery} but for labels. @throws pulumi.InputPropertiesError with every mistake. */
export function checkDiscoveryArgs(name: string, args: SwarmDiscoveryArgs): void {
    const problems = checkShape("SwarmDiscovery", name, args, LABELS);
    const { services, rules, policyIds, connector, proxy, edge } = args;
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("zoneId", args.zoneId, zoneIdProblem);
    problems.check("team", args.team, teamProblem);
    problems.check("owner", args.owner, ownerProblem);
    problems.check("revision", args.revision, revisionProblem);
    for (const [index, service] of services.entries()) {
        const at = `services[${index}]`;
        problems.check(`${at}.id`, service.id);
        problems.check(`${at}.name`, service.name);
        problems.check(`${at}.createdAt`, service.createdAt, timeProblem);
        for (const [position, network] of service.networks.entries()) {
            problems.check(`${at}.networks[${position}].id`, network.id);
            problems.check(`${at}.networks[${position}].name`, network.name);
            problems.check(`${at}.networks[${position}].driver`, network.driver);
        }
    }
    problems.addAll(labelRulesProblems(rules).map(({ path, reason }) => ({ path: `rules.${path}`, reason })));
    for (const { name: audience } of rules.audiences) {
        const ids = policyIds[audience];
        const isEmpty = ids === undefined || plain(ids)?.length === 0;
        problems.add(`policyIds.${audience}`, isEmpty ? "is missing. Give the policyIds of that audience." : undefined);
    }
    for (const [audience, ids] of Object.entries(policyIds)) problems.checkEach(`policyIds.${audience}`, ids);
    checkMiddlewares(problems, rules, "rules.");
    if (proxy !== undefined) checkConnector(problems, "proxy.", proxy);
    if (connector !== undefined) checkConnector(problems, "connector.", connector);
    problems.check("originCaPem", args.originCaPem, certificateProblem);
    if (edge !== undefined) checkEdge(problems, edge);
    problems.throwIfAny("SwarmDiscovery", name);
}

/** Names of tunnels, networks and applications begin with it. */
function ownerProblem(owner: string): string | undefined {
    return /^[A-Za-z0-9]([A-Za-z0-9_-]{0,22}[A-Za-z0-9])?$/.test(owner)
        ? undefined
        : `${JSON.stringify(owner)} is no owner. Write 1 to 24 letters, digits and inner _ and -, such as "staging".`;
}

function revisionProblem(revision: string): string | undefined {
    return /^[A-Za-z0-9]{1,10}$/.test(revision)
        ? undefined
        : `${JSON.stringify(revision)} is no revision. Write 1 to 10 letters and digits.`;
}

function timeProblem(time: string): string | undefined {
    return Number.isNaN(Date.parse(time))
        ? `${JSON.stringify(time)} is no time. Write one in RFC 3339, such as "2027-01-01T06:00:00Z".`
        : undefined;
}
