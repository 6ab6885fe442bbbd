import { Buffer } from "node:buffer";
import { carriedText } from "../../carriedFiles.ts";
import { type CommandLine, containerLaunch, type Launch, type Setting, serviceLaunch } from "../../containers.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, text, UNKNOWN } from "../../values.ts";

const REMEDY =
    "Put the value into a `docker.Secret`, mount it, and name its file: `--credentials-file`, `TUNNEL_CRED_FILE`, or the program's own `…_FILE` setting.";

/**
 * The environment, the arguments and the labels of a container are shown by `docker inspect`, process lists and crash
 * reports. A Docker secret is a file that only the container's own processes see.
 */
export const noSecretInService: ResourceRule = {
    name: "no-secret-in-service",
    description: "No token, key or password stands in the environment, arguments or labels of a Swarm service.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.service,
    judge: (service) => judgeLaunch(serviceLaunch(service)),
};

/** As for a service. */
export const noSecretInContainer: ResourceRule = {
    name: "no-secret-in-container",
    description: "No token, key or password stands in the environment, arguments or labels of a container.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.container,
    judge: (container) => judgeLaunch(containerLaunch(container)),
};

/** Swarm encrypts secrets at rest and gives them to the nodes that need them; configs it does neither for. */
export const noSecretInServiceConfig: ResourceRule = {
    name: "no-secret-in-service-config",
    description: "No token or key is carried by a Swarm config.",
    severity: "critical",
    remediationSteps: REMEDY,
    type: Token.serviceConfig,
    judge: judgeConfig,
};

type Word = CommandLine["words"][number];

const INSTEAD = "Put it into a `docker.Secret` and name the file that it is mounted as.";

/** Settings that hold a secret by their name; a name that ends in `_FILE` or `_PATH` names a place instead. */
const SECRET_NAME =
    /(^|[_.-])(token|password|passwd|passphrase|secret|credentials?|cred_contents|(api|private|access|secret|account)[_.-]?key)$/i;
/**
 * Options that hand over a secret, each with its value after `=`, after a space or in the next word; the negated and
 * the `-file` forms are others.
 */
const SECRET_OPTION =
    /(?:^|\s)(--?(?!(?:no|without|disable)-)(?:[a-z0-9]+[-.])*(?:token|password|passwd|passphrase|secret|credentials-contents|(?:api|private|secret)-?key))(?:=(\S*)|\s+(\S+)|$)/gi;
/** A value that names a place where the secret is kept or a variable, or that is a mere switch. */
const NO_SECRET = /^["']?(\/|file:|\$\{?[A-Za-z_]|\$\()|^(true|false|yes|no|on|off|\d)$/i;

function judgeLaunch(launch: Launch): Finding[] {
    const settings = [...launch.environment, ...launch.labels].flatMap((setting) => {
        const what = secretInSetting(setting);
        return what === undefined
            ? []
            : [
                  {
                      wrong: `${launch.subject} has ${what} in \`${setting.property}\` ('${setting.name}').`,
                      instead: INSTEAD,
                  },
              ];
    });
    const options = launch.commandLines.flatMap(({ property, words }) =>
        words.flatMap((word, index) => {
            const what = secretInWord(word, words[index + 1]);
            return what === undefined
                ? []
                : [{ wrong: `${launch.subject} has ${what} in \`${property}\`.`, instead: INSTEAD }];
        }),
    );
    return [...settings, ...options];
}

function judgeConfig({ name, props }: Resource): Finding[] {
    const what = recognise(carriedText(props));
    if (what === undefined) return [];
    return [
        {
            wrong: `Service config '${name}' carries ${what}, and every node of the swarm keeps configs in clear.`,
            instead: INSTEAD,
        },
    ];
}

function secretInSetting({ name, value }: Setting): string | undefined {
    if (SECRET_NAME.test(name)) {
        // Who writes a name like this passes a secret, also if a preview does not know it yet.
        if (value === UNKNOWN) return "a secret";
        if (value !== undefined && value !== "" && !NO_SECRET.test(value)) return "a secret";
    }
    return typeof value === "string" ? recognise(value) : undefined;
}

function secretInWord(word: Word, next: Word | undefined): string | undefined {
    if (word === UNKNOWN) return undefined;
    for (const [, option, assigned, following] of word.matchAll(SECRET_OPTION)) {
        const value = assigned ?? following ?? next;
        if (typeof value !== "string" || !NO_SECRET.test(value)) return `the value of '${option}'`;
    }
    return recognise(word);
}

/** What a text is or contains by its form alone, in words that do not repeat it. */
function recognise(value: string): string | undefined {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return "a private key";
    if (/"TunnelSecret"\s*:/.test(value)) return "a tunnel's credentials";
    if (/\bcfast_[A-Za-z0-9]{40}/.test(value)) return "the secret of an Access service token";
    return value.split(/[\s"'=]+/).some(isTunnelToken) ? "a tunnel token" : undefined;
}

/** A tunnel token is base64 of `{"a": account, "t": tunnel, "s": secret}` (cloudflared `connection.TunnelToken`). */
function isTunnelToken(word: string): boolean {
    if (!word.startsWith("eyJ")) return false;
    try {
        const token: unknown = JSON.parse(Buffer.from(word, "base64").toString("utf8"));
        return ["a", "t", "s"].every((field) => text(at(token, field)) !== undefined);
    } catch {
        return false;
    }
}
