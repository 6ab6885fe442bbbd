import type { Progress } from "../../toolchain/index.ts";
import { applicationChecks, tunnelChecks, type WantedConnectors } from "./account/accountChecks.ts";
import { aroundAccessCheck } from "./account/aroundAccess.ts";
import { tokenDemandCheck } from "./account/tokenDemand.ts";
import { writtenRules } from "./account/writtenRules.ts";
import { redeployCommand } from "./catalogue.ts";
import { connectorService, runningRules, shippedRules } from "./docker/connectors.ts";
import { listenerChecks } from "./docker/listenerChecks.ts";
import { authorityCheck, originChecks } from "./docker/originCertificates.ts";
import { serviceChecks } from "./docker/serviceChecks.ts";
import { type DockerView, readDocker } from "./docker/view.ts";
import { type Check, check, type Finding, messageOf, type NotChecked, notChecked, wasChecked } from "./finding.ts";
import { hostCheck } from "./host/hostCheck.ts";
import { hostnameChecks } from "./hostnameChecks.ts";
import { type AuditedTunnel, type AuditTarget, auditTarget } from "./target.ts";

/** The answer of `sallyport audit --json`, a part of the command line's contract. */
export interface Audit {
    /** No check failed. What was not checked is in its own list: it is neither well nor ill. */
    readonly ok: boolean;
    readonly checks: readonly Check[];
    readonly notChecked: readonly NotChecked[];
}

/**
 * Checks a stack's promises where they are kept or broken: at its hostnames, in its account, in Docker and on the machine. All
 * questions are put side by side.
 *
 * @throws CommandError when the stack itself cannot be reached.
 */
export async function audit(stack: string, progress: Progress): Promise<Audit> {
    try {
        progress.step(`Reading the stack ${stack}`);
        const target = await auditTarget(stack);
        progress.step(`Checking ${target.hostnames.length} hostnames and what stands behind them`);
        const findings = await findingsOf(target);
        return summary(findings, redeployCommand(stack, target.local !== undefined));
    } finally {
        progress.done();
    }
}

/** Asks everything about an environment, side by side. */
export async function findingsOf(target: AuditTarget): Promise<Finding[]> {
    const docker = target.withoutDocker === undefined ? askDocker(target) : undefined;
    return (await Promise.all([...edgeFindings(target), ...insideFindings(target, docker)])).flat();
}

/** Sorts findings into what was checked and what was not, and puts the command into the advice. */
export function summary(findings: readonly Finding[], redeploy: string): Audit {
    const checks = findings
        .filter(wasChecked)
        .map(({ remedy, ...rest }) =>
            remedy === undefined ? rest : { ...rest, remedy: remedy.replaceAll("{redeploy}", redeploy) },
        );
    return {
        ok: checks.every(({ ok }) => ok),
        checks,
        notChecked: findings.filter((finding): finding is NotChecked => !wasChecked(finding)),
    };
}

/** What can be seen from outside, and what the account tells. */
function edgeFindings(target: AuditTarget): Promise<Finding[]>[] {
    return [
        ...target.hostnames.map((hostname) => hostnameChecks(target, hostname)),
        ...target.hostnames.map((hostname) => aroundAccessCheck(target, hostname).then((finding) => [finding])),
        applicationChecks(target),
    ];
}

/** What stands behind the tunnels, where it is in Docker; without it, what cannot be known is named. */
function insideFindings(target: AuditTarget, docker: Promise<DockerView> | undefined): Promise<Finding[]>[] {
    const { tunnels, hostnames, originCaPem, withoutDocker = "" } = target;
    const written = unheeded(
        writtenRules(target, async (tunnel) => {
            if (docker === undefined) {
                throw new Error(withoutDocker);
            }
            return shippedRules(await docker, tunnel);
        }),
    );
    const running =
        docker === undefined
            ? Promise.resolve({ reason: withoutDocker })
            : unheeded(
                  docker.then(
                      (view) => runningRules(view, tunnels),
                      (error: unknown) => ({ reason: messageOf(error) }),
                  ),
              );
    const demands = hostnames.map((hostname) => tokenDemandCheck(hostname, { written, running }));
    return [
        Promise.all(demands),
        tunnelChecks(target, wantedConnectors(target, docker)),
        docker === undefined ? Promise.resolve(notInDocker(withoutDocker)) : dockerFindings(docker, tunnels),
        ...(originCaPem === undefined ? [] : [authorityCheck(originCaPem).then((finding) => [finding])]),
        ...(originCaPem === undefined || docker === undefined
            ? []
            : [originChecks(originCaPem, written, docker, tunnels)]),
        hostCheck(target, docker),
    ];
}

const DOCKER_CHECKS = ["no-published-port", "every-replica-runs", "no-reachable-listener"] as const;

function notInDocker(reason: string): Finding[] {
    return DOCKER_CHECKS.map((id) => notChecked(id, "Docker", reason));
}

async function dockerFindings(docker: Promise<DockerView>, tunnels: readonly AuditedTunnel[]): Promise<Finding[]> {
    let view: DockerView;
    try {
        view = await docker;
    } catch (error) {
        return Promise.all(DOCKER_CHECKS.map((id) => check(id, "Docker", () => Promise.reject(error))));
    }
    return (await Promise.all([serviceChecks(view), listenerChecks(view, tunnels)])).flat();
}

function wantedConnectors(
    { withoutDocker = "" }: AuditTarget,
    docker: Promise<DockerView> | undefined,
): WantedConnectors {
    return async (tunnel) => {
        const service = docker && connectorService(await docker, tunnel);
        return (
            service?.replicas.desired ?? {
                reason: withoutDocker || "its connectors are no Swarm service of the stack's",
            }
        );
    };
}

function askDocker({ stack, dockerHost }: AuditTarget): Promise<DockerView> {
    return unheeded(readDocker(stack, dockerHost));
}

/** Each check awaits the answers that it needs and fails with them; one that nobody awaits must not end the process. */
function unheeded<T>(answer: Promise<T>): Promise<T> {
    answer.catch(() => {});
    return answer;
}
