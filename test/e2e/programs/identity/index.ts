/** Every component of identity at once. `CHANGED=1` changes each field that changes in place, `REPLACED=1` what an object is made anew for. */
import { Provider } from "@pulumi/cloudflare/provider.js";
import { declareIdentity } from "./declare.ts";

const {
    IDENTITY_ACCOUNT: accountId = "",
    IDENTITY_ZONE: zoneId = "",
    IDENTITY_SECRET: clientSecret = "",
} = process.env;

export const { callbackUrl, scimBaseUrl, scimSecret } = declareIdentity({
    accountId,
    zoneId,
    clientSecret,
    changed: process.env.CHANGED === "1",
    replaced: process.env.REPLACED === "1",
    opts: { providers: [new Provider("cloudflare", {})] },
});
