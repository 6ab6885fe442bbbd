/** What a value of a stack file must look like, for commands that take such values as arguments. */
export {
    durationProblem,
    durationSeconds,
    emailDomainProblem,
    emailProblem,
    hostnameProblem,
    parseService,
} from "../../components/validation/index.ts";
