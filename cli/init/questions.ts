import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import {
    accountIdProblem,
    dockerHostProblem,
    emailDomainProblem,
    emailProblem,
    identifierProblem,
    teamProblem,
    zoneProblem,
} from "../../stacks/config/values.ts";
import { commaList } from "../swarm/import/source.ts";
import { type Answers, Ci, Login, Platform } from "./answers.ts";

/** What somebody wrote, by question: on the command line, or when asked. */
export type Written = { readonly [Key in keyof Answers]?: string | undefined };

export interface Question {
    readonly key: keyof Answers;
    /** The option of the command line that answers it. */
    readonly flag: string;
    readonly message: string;
    /** An example, or where to find it. */
    readonly hint: string;
    /** What is meant where nobody says; without one the question must be answered. */
    readonly usual?: (written: Written) => string;
    /** The only answers that there are; any text where omitted. */
    readonly choices?: readonly { readonly value: string; readonly label: string }[];
    /** What is wrong with an answer, and what to write instead. */
    readonly problem: (text: string) => string | undefined;
}

/** Everything that a new project is made from, in the order in which people are asked. */
export function questions(folderName: string): readonly Question[] {
    return [
        {
            key: "name",
            flag: "--name",
            message: "Name of the project",
            hint: "also the name of its npm package",
            usual: () => nameFrom(folderName),
            problem: identifierProblem,
        },
        {
            key: "zone",
            flag: "--zone",
            message: "Zone that the host names belong to",
            hint: "example.com",
            problem: zoneProblem,
        },
        {
            key: "accountId",
            flag: "--account-id",
            message: "Cloudflare account",
            hint: '32 hexadecimal digits; dashboard, Account home, "Copy account ID"',
            problem: accountIdProblem,
        },
        {
            key: "team",
            flag: "--team",
            message: "Zero Trust team",
            hint: '"example" for example.cloudflareaccess.com',
            problem: teamProblem,
        },
        {
            key: "people",
            flag: "--people",
            message: "Who may enter",
            hint: "e-mail addresses and domains: @example.com,grace@partner.example",
            usual: ({ zone }) => `@${zone}`,
            problem: peopleProblem,
        },
        {
            key: "login",
            flag: "--login",
            message: "Identity provider",
            hint: "its client is registered afterwards, and its secret never asked for here",
            usual: () => Login.None,
            choices: LOGINS,
            problem: oneOf(LOGINS),
        },
        {
            key: "environments",
            flag: "--environments",
            message: "Environments, in the order of deployment",
            hint: "the last one is production",
            usual: () => "staging,prod",
            problem: environmentsProblem,
        },
        {
            key: "platform",
            flag: "--platform",
            message: "Where the services run",
            hint: "one machine with Docker becomes a Swarm of its own",
            usual: () => Platform.Swarm,
            choices: PLATFORMS,
            problem: oneOf(PLATFORMS),
        },
        {
            key: "dockerHost",
            flag: "--docker-host",
            message: "Address of its Docker engine",
            hint: "ssh://deploy@swarm.example.com; left empty, DOCKER_HOST says it",
            usual: () => "",
            problem: (text) => (text === "" ? undefined : dockerHostProblem(text)),
        },
        {
            key: "ci",
            flag: "--ci",
            message: "What reviews and deploys it",
            hint: "workflows are written for it",
            usual: () => Ci.GitHub,
            choices: CIS,
            problem: oneOf(CIS),
        },
    ];
}

const LOGINS = [
    { value: Login.None, label: "what the account has already, such as the one-time PIN" },
    { value: Login.GoogleWorkspace, label: "Google Workspace" },
    { value: Login.AzureAd, label: "Microsoft Entra ID" },
    { value: Login.Okta, label: "Okta" },
    { value: Login.GitHub, label: "GitHub" },
    { value: Login.Google, label: "Google accounts" },
    { value: Login.Oidc, label: "any other by OpenID Connect" },
    { value: Login.Saml, label: "any other by SAML" },
    { value: Login.OneTimePin, label: "a one-time PIN by e-mail, declared in the project" },
];

const PLATFORMS = [
    { value: Platform.Swarm, label: "a Docker Swarm" },
    { value: Platform.Host, label: "one machine with Docker" },
];

const CIS = [
    { value: Ci.GitHub, label: "GitHub Actions" },
    { value: Ci.GitLab, label: "GitLab CI/CD" },
    { value: Ci.None, label: "neither" },
];

function oneOf(choices: readonly { readonly value: string }[]): (text: string) => string | undefined {
    const known = choices.map(({ value }) => value);
    return (text) => (known.includes(text) ? undefined : `"${text}" is unknown. Write one of ${known.join(", ")}.`);
}

function peopleProblem(text: string): string | undefined {
    const people = commaList(text);
    if (people.length === 0) return "names nobody. Write addresses and domains, such as @example.com.";
    return first(people, (one) => (one.startsWith("@") ? emailDomainProblem(one.slice(1)) : emailProblem(one)));
}

function environmentsProblem(text: string): string | undefined {
    const names = commaList(text);
    if (names.length === 0) return 'names none. Write such as "staging,prod".';
    if (names.includes(LOCAL_STACK)) {
        return `"${LOCAL_STACK}" is the environment on your own machine, which is there in any case. Leave it out.`;
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) return `"${twice}" is there twice. Write each name once.`;
    return first(names, (name) =>
        /^[0-9]/.test(name)
            ? `"${name}" starts with a digit, and a job of a workflow may not. Write such as "${name.replace(/^[0-9-]+/, "env-")}".`
            : identifierProblem(name),
    );
}

function first(values: readonly string[], problemOf: (value: string) => string | undefined): string | undefined {
    return values.map(problemOf).find((problem) => problem !== undefined);
}

/** A folder's name as a project's. */
function nameFrom(folderName: string): string {
    const name = folderName
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .slice(0, 40)
        .replace(/^-|-$/g, "");
    return name === "" ? "infrastructure" : name;
}
