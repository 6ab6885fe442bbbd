/** What a value of a stack file must look like, and what it means to clients, for commands that take such values as arguments. */
export { connectionString, sshConfigLines, usualLocalPort } from "../../components/tunnel/tcp/clientLines.ts";
export { composeSnippet } from "../../components/tunnel/tcp/clientScript.ts";
export {
    durationProblem,
    durationSeconds,
    emailDomainProblem,
    emailProblem,
    hostnameProblem,
    httpsUrlProblem,
    ipRangeProblem,
    PROTOCOLS,
    parseService,
    TcpProtocol,
} from "../../components/validation/index.ts";
