/** What a value of a stack file must look like, and what it means to clients, for commands that take such values as arguments. */

export { IdentityProviderKind } from "../../components/access/identity/logins.ts";
export { connectionString, sshConfigLines, usualLocalPort } from "../../components/tunnel/tcp/clientLines.ts";
export { composeSnippet } from "../../components/tunnel/tcp/clientScript.ts";
export {
    accountIdProblem,
    durationProblem,
    durationSeconds,
    emailDomainProblem,
    emailProblem,
    hostnameProblem,
    httpsUrlProblem,
    ipRangeProblem,
    PROTOCOLS,
    parseService,
    privateRangeProblem,
    TcpProtocol,
    teamProblem,
    zoneProblem,
} from "../../components/validation/index.ts";
export { dockerHostProblem, identifierProblem } from "./text.ts";
