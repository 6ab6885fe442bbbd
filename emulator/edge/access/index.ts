/** Cloudflare Access, locally: who may pass the edge. */
export { Access, type AccessOptions } from "./access.ts";
export { AccessStateError } from "./stateError.ts";
export { serveTeamDomain, type TeamDomainOptions } from "./teamDomain.ts";
