import type { Rule } from "../../rule.ts";
import { imageHasDigest } from "./imageHasDigest.ts";
import { noHostCapability } from "./noHostCapability.ts";
import { noHostNamespace } from "./noHostNamespace.ts";
import { noPrivilegedContainer, noPrivilegedService } from "./noPrivilegedContainer.ts";
import { noUnconfinedContainer } from "./noUnconfinedContainer.ts";
import { noEngineSocketInContainer, noEngineSocketInService } from "./noWritableEngineSocket.ts";

/** What a container may do to its host, and what it runs. */
export const containersRules: readonly Rule[] = [
    noPrivilegedService,
    noPrivilegedContainer,
    noHostCapability,
    noUnconfinedContainer,
    noHostNamespace,
    noEngineSocketInService,
    noEngineSocketInContainer,
    imageHasDigest,
];
