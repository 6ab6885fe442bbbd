import { destinations } from "../../access.ts";
import { coversHostname, normalise } from "../../hostnames.ts";
import { describe, hostnameOf, knownIngressRules } from "../../ingress.ts";
import type { StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { text } from "../../values.ts";

/**
 * A key that somebody keeps outlives the login: it opens the server for whoever has the file, also by another way than Access. A
 * certificate that Access signs at each login ends with it.
 */
export const sshHasShortLivedCertificates: StackRule = {
    name: "ssh-has-short-lived-certificates",
    description: "An SSH server behind Access takes certificates signed at each login, not keys that people keep.",
    severity: "medium",
    level: "advisory",
    remediationSteps:
        "Declare a `ZeroTrustAccessShortLivedCertificate` for the application and put its public key into the server's `TrustedUserCAKeys`; a TcpApp does so unless it is told otherwise.",
    judgeStack: (resources) => {
        const certified = new Set(
            resources
                .filter(({ type }) => type === Token.accessShortLivedCertificate)
                .flatMap(({ propertyDependencies }) => (propertyDependencies.appId ?? []).map(({ urn }) => urn)),
        );
        const signing = resources
            .filter(({ type, urn }) => type === Token.accessApplication && certified.has(urn))
            .flatMap((application) => destinations(application).map(({ hostname }) => hostname));
        return resources
            .filter(({ type }) => type === Token.tunnelConfig)
            .flatMap((document) =>
                knownIngressRules(document)
                    .filter(({ service }) => text(service)?.startsWith("ssh:"))
                    .flatMap((rule) => {
                        const hostname = normalise(text(rule.hostname) ?? "");
                        if (hostname === "" || signing.some((name) => coversHostname(name, hostname))) return [];
                        return [
                            {
                                resource: document,
                                wrong: `${describe(document, rule)} leads to an SSH server whose Access application signs no certificates.`,
                                instead: "Declare a `ZeroTrustAccessShortLivedCertificate` for the application.",
                                ...hostnameOf(rule),
                            },
                        ];
                    }),
            );
    },
};
