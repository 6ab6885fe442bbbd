import { z } from "zod";
import { identifier } from "../text.ts";
import { clientCertificate, organization } from "./account.ts";
import { posture } from "./posture.ts";
import { identityProvider } from "./providers.ts";

/** The keys of a stack file about identity, beside `audiences`; to be spread into the whole. */
export const identityKeys = {
    identityProviders: z.record(identifier, identityProvider).default({}),
    posture: z.record(identifier, posture).default({}),
    clientCertificates: z.record(identifier, clientCertificate).default({}),
    organization: organization.optional(),
};
