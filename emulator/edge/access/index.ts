/** Cloudflare Access, locally: who may pass the edge. */
export { Access, type AccessOptions } from "./access.ts";
export { serveTeamDomain, type TeamDomainOptions } from "./teamDomain.ts";
export { AccessKeyError } from "./tokens/keyFile.ts";
