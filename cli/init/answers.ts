import { IdentityProviderKind } from "../../stacks/config/values.ts";

/** Where the services run that are to be reached. */
export const Platform = {
    /** On a Docker Swarm. */
    Swarm: "swarm",
    /** On one machine with Docker, which becomes a Swarm of its own. */
    Host: "host",
} as const;
export type Platform = (typeof Platform)[keyof typeof Platform];

/** What reviews and deploys the project. */
export const Ci = { GitHub: "github", GitLab: "gitlab", None: "none" } as const;
export type Ci = (typeof Ci)[keyof typeof Ci];

/** How people log in beside what the account has already; `none` leaves it at that. */
export const Login = { None: "none", ...IdentityProviderKind } as const;
export type Login = (typeof Login)[keyof typeof Login];

/** What a new project is made from. */
export interface Answers {
    /** Of the Pulumi project and the npm package. */
    readonly name: string;
    readonly zone: string;
    readonly accountId: string;
    /** First label of the Access team domain. */
    readonly team: string;
    /** Who may enter: e-mail addresses, and domains as `@example.com`. */
    readonly people: readonly string[];
    readonly login: Login;
    /** Names of the stacks, in the order of deployment: the last one is production. */
    readonly environments: readonly string[];
    readonly platform: Platform;
    /** Address of the Docker engine, `DOCKER_HOST` where omitted. */
    readonly dockerHost?: string | undefined;
    readonly ci: Ci;
}
