/**
 * What a value must look like. Each function returns the reason why it does not, with what to write instead, or
 * `undefined`. They touch nothing but their arguments, so that a stack can check its configuration with the very rules of
 * the components.
 */
export {
    type AudienceConditions,
    type AudienceLists,
    type AudienceMembers,
    audienceConditionProblems,
    audienceMemberProblems,
    audienceProblem,
} from "./audiences.ts";
export { certificateProblem, dnsNameProblem, privateKeyProblem, subjectProblem, uriProblem } from "./certificates.ts";
export { daysProblem, osVersionProblem, sha1Problem, sha256Problem } from "./devices.ts";
export {
    type DurationRules,
    durationProblem,
    durationSeconds,
    MAX_SESSION,
    postureScheduleProblem,
    seatExpirationProblem,
    sessionDurationProblem,
    teamSessionProblem,
    warpSessionProblem,
} from "./durations.ts";
export { type HostnameRules, hostnameProblem, isWildcard, zoneProblem } from "./hostnames.ts";
export {
    accountIdProblem,
    displayNameProblem,
    teamProblem,
    tunnelIdProblem,
    tunnelNameProblem,
    uuidProblem,
    zoneIdProblem,
} from "./identifiers.ts";
export {
    authenticationMethodProblem,
    certificateBody,
    clientIdProblem,
    clientSecretProblem,
    entraIdProblem,
    type GroupDescription,
    groupProblems,
    nameProblem,
    signingCertificateProblem,
} from "./identity.ts";
export {
    type ApiServer,
    addressOfApiServer,
    apiServerProblem,
    clusterNameProblem,
    clusterRoleProblem,
    connectorNamespaceProblem,
    namespaceProblem,
    parseApiServer,
    subjectNameProblem,
    subjectPrefixProblem,
} from "./kubernetes.ts";
export {
    hostnamePatternProblem,
    matchesHostnamePattern,
    matchesServicePattern,
    servicePatternProblem,
    swarmServiceNameProblem,
} from "./labels.ts";
export { executableProblem, folderProblem, ingressPathPattern, pathProblem } from "./paths.ts";
export { countryProblem, emailDomainProblem, emailProblem, ipRangeProblem, normaliseIpRange } from "./people.ts";
export {
    FIRST_PRECEDENCE,
    MAX_GRANTS,
    type PrivateNetworkDescription,
    privateNetworkProblems,
} from "./privateNetworks.ts";
export { contains, overlappingRanges, privateRangeProblem } from "./privateRanges.ts";
export { PROTOCOLS, protocolOf, TcpProtocol } from "./protocols.ts";
export {
    momentProblem,
    momentText,
    overlapSeconds,
    type Rotation,
    type RotationSchedule,
    rotationAt,
    rotationProblems,
    versionProblem,
} from "./rotation.ts";
export {
    type OriginService,
    originHostProblem,
    parseService,
    portProblem,
    serviceProblem,
    usesTls,
} from "./services.ts";
export { deviceMatchProblem, isIpRange, normaliseDestination, splitTunnelProblems } from "./splitTunnels.ts";
export {
    constraintProblem,
    dockerNameProblem,
    edgeAddressProblem,
    imageProblem,
    ipAddressProblem,
    MAX_REPLICAS,
    memberProblem,
    networkIdsProblem,
    proxyAddressProblem,
    replicasProblem,
} from "./swarm.ts";
export { blankProblem, textProblem } from "./texts.ts";
export { colourProblem, httpsUrlProblem } from "./urls.ts";
