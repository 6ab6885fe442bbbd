/**
 * The local Cloudflare. It knows nothing of Sallyport's components and can be used by itself.
 */
export type * from "./accessDirectory.ts";
export type * from "./accountOverview.ts";
export type { Fault, FaultOptions, Faults } from "./api/http/faults.ts";
export type { RateLimit } from "./api/http/rateLimit.ts";
export type { LoggedRequest } from "./api/http/requestLog.ts";
export type { EmulatorSnapshot } from "./api/store/snapshot.ts";
export { CloudflareEmulator } from "./cloudflareEmulator.ts";
export type * from "./edgeControls.ts";
export { EmulatorError, EmulatorErrorCode } from "./emulatorError.ts";
export type * from "./hostnameDirectory.ts";
export type { AccountOption, EmulatorOptions, ZoneOption } from "./options.ts";
export { STATUS_HOSTNAME } from "./ownNames.ts";
export type * from "./privateConnections.ts";
export type * from "./privateNetworkDirectory.ts";
export type * from "./tunnelDirectory.ts";
