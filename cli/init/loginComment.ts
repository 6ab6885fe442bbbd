import { stringify } from "yaml";
import { type Answers, Login } from "./answers.ts";

/** What a provider has to be told, and tells, beside its client's secret; each is an example to be replaced. */
const TOLD: Readonly<Partial<Record<Login, Readonly<Record<string, unknown>>>>> = {
    [Login.Google]: { clientId: "0123456789-abcd.apps.googleusercontent.com" },
    [Login.GoogleWorkspace]: { clientId: "0123456789-abcd.apps.googleusercontent.com", domain: "example.com" },
    [Login.GitHub]: { clientId: "0123456789abcdef0123" },
    [Login.AzureAd]: {
        clientId: "00000000-0000-4000-8000-000000000000",
        directoryId: "00000000-0000-4000-8000-000000000000",
    },
    [Login.Okta]: { clientId: "0123456789abcdef0123", account: "https://example.okta.com" },
    [Login.Oidc]: {
        clientId: "sallyport",
        authorizationUrl: "https://id.example.com/authorize",
        tokenUrl: "https://id.example.com/token",
        keysUrl: "https://id.example.com/keys",
    },
    [Login.Saml]: {
        issuer: "https://id.example.com/saml/metadata",
        signInUrl: "https://id.example.com/saml/login",
        certificates: ["<the certificate of the provider's metadata>"],
    },
};

/** Name under which the stack file declares the provider. */
const PROVIDER = "login";

/** Whether the project goes on to be told of a provider that has to be registered first. */
export function isRegistered({ login }: Pick<Answers, "login">): boolean {
    return TOLD[login] !== undefined;
}

/** Whether a provider's client has a secret; a SAML provider signs instead. */
export function hasSecret({ login }: Pick<Answers, "login">): boolean {
    return TOLD[login]?.clientId !== undefined;
}

/** The identity provider as a comment: it holds as soon as its client is registered, and its secret is in the file, encrypted. */
export function loginComment(answers: Pick<Answers, "login" | "team">, stack: string): string {
    const told = TOLD[answers.login];
    if (told === undefined) return "";
    const provider = { "sallyport:identityProviders": { [PROVIDER]: { kind: answers.login, ...told } } };
    const callback = `https://${answers.team}.cloudflareaccess.com/cdn-cgi/access/callback`;
    const lines = [
        "How people log in. Register a client at the provider, with the callback",
        `${callback}, put its values in place of these, and remove the comment signs.`,
        ...(hasSecret(answers) ? ["Its secret comes last:", secretCommand(stack)] : []),
        ...stringify(provider, { lineWidth: 0 }).trimEnd().split("\n"),
    ];
    return lines.map((line) => `  # ${line}\n`).join("");
}

/** The command that puts the client's secret into a stack file, encrypted; it asks for the value. */
export function secretCommand(stack: string): string {
    return `npx pulumi config set -s ${stack} --secret --path 'sallyport:identityProviders.${PROVIDER}.clientSecret'`;
}
