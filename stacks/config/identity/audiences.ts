import { z } from "zod";
import {
    audienceConditionProblems,
    audienceMemberProblems,
    audienceProblem,
    countryProblem,
    emailDomainProblem,
    emailProblem,
    groupProblems,
    ipRangeProblem,
    nameProblem,
    sessionDurationProblem,
} from "../../../components/validation/index.ts";
import { addProblems, identifier, text } from "../text.ts";

const namedValue = z.strictObject({ name: z.string(), value: z.string() });

/** A group that one of the stack's identity providers vouches for. */
const group = z
    .strictObject({
        provider: identifier,
        googleGroup: z.string().optional(),
        oktaGroup: z.string().optional(),
        azureGroupId: z.string().optional(),
        githubOrganization: z.string().optional(),
        githubTeam: z.string().optional(),
        samlAttribute: namedValue.optional(),
        oidcClaim: namedValue.optional(),
    })
    .superRefine(({ provider: _, ...description }, context) => addProblems(context, groupProblems("", description)));

const strings = z.array(z.string()).optional();
const groups = z.array(group).optional();

/** What members must meet besides. A list within `posture` is met by any one of its checks. */
const requirements = z.strictObject({
    providers: z.array(identifier).min(1, "is empty. Name a provider, or leave it out.").optional(),
    authenticationMethods: strings,
    groups,
    emailDomains: strings,
    posture: z
        .array(
            z.union([identifier, z.array(identifier).min(1, "is empty. Name a check, or leave it out.")], {
                error: "is no check. Write a name declared in sallyport:posture, or a list of names of which any one does.",
            }),
        )
        .optional(),
    clientCertificate: z.boolean().optional(),
});

const exclusions = z.strictObject({
    emails: strings,
    emailDomains: strings,
    groups,
    ipRanges: strings,
    countries: strings,
});

/** Who may enter, as a stack file says it: providers, checks and tokens by the names under which it declares them. */
export const audience = z
    .strictObject({
        emails: z.array(text(emailProblem)).default([]),
        emailDomains: z.array(text(emailDomainProblem)).default([]),
        groups,
        ipRanges: z.array(text(ipRangeProblem)).default([]),
        countries: z.array(text(countryProblem)).default([]),
        serviceTokens: z.array(identifier).default([]),
        certificateCommonNames: z.array(text(nameProblem)).optional(),
        anyClientCertificate: z.boolean().optional(),
        require: requirements.optional(),
        exclude: exclusions.optional(),
        justification: z.strictObject({ prompt: text(nameProblem).optional() }).optional(),
        approvals: z
            .array(z.strictObject({ approvers: z.array(z.string()), approvalsNeeded: z.number().optional() }))
            .optional(),
        sessionDuration: text(sessionDurationProblem).optional(),
    })
    .superRefine((value, context) => {
        const { require, exclude, serviceTokens: serviceTokenIds } = value;
        const members = {
            ...value,
            serviceTokenIds,
            require: require && { ...require, identityProviderIds: require.providers },
        };
        const reason = audienceProblem(members);
        addProblems(context, [
            ...(reason === undefined ? [] : [{ path: "", reason }]),
            ...audienceMemberProblems({ require, exclude }),
            ...audienceConditionProblems(members).map((problem) => ({
                ...problem,
                path: problem.path.replace("require.identityProviderIds", "require.providers"),
            })),
        ]);
    });

export type GroupConfig = z.infer<typeof group>;
export type RequirementsConfig = z.infer<typeof requirements>;
export type ExclusionsConfig = z.infer<typeof exclusions>;
