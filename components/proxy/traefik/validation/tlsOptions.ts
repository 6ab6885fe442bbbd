import type { Problems } from "../../../internal/problems.ts";
import { certificateProblem, memberProblem } from "../../../validation/index.ts";
import type { ProxySettings } from "../settings.ts";
import { ALPN_PROTOCOLS, ProxyCipherSuite, ProxyCurve, type ProxyTlsOptions, ProxyTlsVersion } from "../tlsOptions.ts";
import { checkNames } from "./names.ts";

/** Checks the sets of TLS settings of a proxy. */
export function checkTlsOptions(problems: Problems, { tlsOptions = [] }: ProxySettings): void {
    checkNames(problems, "tlsOptions", tlsOptions, "the name of a set");
    for (const [index, set] of tlsOptions.entries()) checkSet(problems, `tlsOptions[${index}]`, set);
}

function checkSet(problems: Problems, path: string, set: ProxyTlsOptions): void {
    const { minVersion, cipherSuites, curves, alpnProtocols, clientCaPem } = set;
    problems.check(`${path}.minVersion`, minVersion, (version) =>
        memberProblem(version, Object.values(ProxyTlsVersion)),
    );
    if (cipherSuites !== undefined && minVersion === ProxyTlsVersion.Tls13) {
        problems.add(`${path}.cipherSuites`, "has no meaning with TLS 1.3 alone, which has its own. Leave it out.");
    }
    checkChoices(problems, `${path}.cipherSuites`, cipherSuites, Object.values(ProxyCipherSuite));
    checkChoices(problems, `${path}.curves`, curves, Object.values(ProxyCurve));
    checkChoices(problems, `${path}.alpnProtocols`, alpnProtocols, ALPN_PROTOCOLS);
    problems.check(`${path}.clientCaPem`, clientCaPem, certificateProblem);
}

function checkChoices(problems: Problems, path: string, list: string[] | undefined, known: readonly string[]): void {
    if (list?.length === 0) problems.add(path, `is empty. Write some of ${known.join(", ")}, or leave it out for all.`);
    problems.checkEach(path, list, (one: string) => memberProblem(one, known));
}
