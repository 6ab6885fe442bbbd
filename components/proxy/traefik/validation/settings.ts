import { type Problems, plain } from "../../../internal/problems.ts";
import {
    certificateProblem,
    ipRangeProblem,
    memberProblem,
    parseService,
    portProblem,
    privateKeyProblem,
} from "../../../validation/index.ts";
import { ProxyLogLevel } from "../logLevel.ts";
import { placementProblems, type RuntimeSettings } from "../placement.ts";
import type { ProxyLabelProvider, ProxyMetrics, ProxySettings, ProxyTracing } from "../settings.ts";
import { TAKEN_PORTS } from "../staticConfiguration.ts";
import { checkMiddlewares } from "./middlewares.ts";
import { endpointProblem, needlessAuthority, wholeNumberProblem } from "./names.ts";
import { checkRoutes } from "./routes.ts";
import { checkTlsOptions } from "./tlsOptions.ts";

/** Ports below this one are for privileged users alone. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/**
 * Checks what a proxy serves and how, wherever it runs: each argument by itself, and once all are right what Traefik would read of them.
 *
 * @param runtime What depends on where it runs, checked before.
 */
export function checkSettings(problems: Problems, settings: ProxySettings, runtime: RuntimeSettings): void {
    problems.checkEach("trustedProxies", settings.trustedProxies, ipRangeProblem);
    problems.check("logLevel", settings.logLevel, (level) => memberProblem(level, Object.values(ProxyLogLevel)));
    checkCertificates(problems, settings);
    checkMiddlewares(problems, settings);
    checkTlsOptions(problems, settings);
    checkRoutes(problems, settings);
    if (settings.metrics !== undefined) checkMetrics(problems, settings.metrics);
    if (settings.tracing !== undefined) checkTracing(problems, settings.tracing);
    problems.check("extraConfiguration", settings.extraConfiguration);
    if (problems.isEmpty) problems.addAll(placementProblems(settings, runtime));
}

/** Checks where routes from labels come from. */
export function checkLabelProvider(problems: Problems, path: string, provider: ProxyLabelProvider | undefined): void {
    problems.check(`${path}.network`, provider?.network);
    problems.check(`${path}.constraints`, provider?.constraints);
    problems.check(`${path}.endpoint`, provider?.endpoint, socketProxyProblem);
}

function checkCertificates(problems: Problems, { certificates }: ProxySettings): void {
    if (certificates.length === 0)
        problems.add("certificates", "is empty. Give at least one certificate with its key.");
    for (const [index, { certPem, keyPem }] of certificates.entries()) {
        problems.check(`certificates[${index}].certPem`, certPem, certificateProblem);
        problems.check(`certificates[${index}].keyPem`, keyPem, privateKeyProblem);
    }
}

function checkMetrics(problems: Problems, { port, allowFrom }: ProxyMetrics): void {
    problems.check("metrics.allowFrom", allowFrom, (ranges) =>
        ranges.length === 0 ? "is empty. Give the ranges of Prometheus's network." : undefined,
    );
    problems.checkEach("metrics.allowFrom", allowFrom, ipRangeProblem);
    problems.check("metrics.port", port, (number) => {
        const taken = TAKEN_PORTS.includes(number) || number < FIRST_UNPRIVILEGED_PORT;
        const instead = `Write another from ${FIRST_UNPRIVILEGED_PORT} on, such as 8083.`;
        return portProblem(number) ?? (taken ? `${number} is not free in the container. ${instead}` : undefined);
    });
}

function checkTracing(problems: Problems, { endpoint, caPem, samplePercent }: ProxyTracing): void {
    problems.check("tracing.endpoint", endpoint, endpointProblem);
    problems.check("tracing.caPem", caPem, certificateProblem);
    if (caPem !== undefined) problems.add("tracing.caPem", needlessAuthority(plain(endpoint)));
    problems.check("tracing.samplePercent", samplePercent, (percent) => wholeNumberProblem(percent, 0, 100));
}

function socketProxyProblem(endpoint: string): string | undefined {
    const quoted = JSON.stringify(endpoint);
    if (endpoint.startsWith("unix:")) {
        return `${quoted} is Docker's own socket, which takes every command. Run a socket proxy and write "tcp://socket-proxy:2375".`;
    }
    const service = parseService(endpoint);
    return service?.scheme === "tcp"
        ? undefined
        : `${quoted} is not a socket proxy. Write its address, such as "tcp://socket-proxy:2375".`;
}
