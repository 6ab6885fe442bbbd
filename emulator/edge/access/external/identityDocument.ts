import type { AccessDirectory } from "../../../accessDirectory.ts";
import type { Identity } from "../policy/subject.ts";

/**
 * What Access tells of a person, as they are now: at `/cdn-cgi/access/get-identity` and to the services of external rules
 * (developers.cloudflare.com/cloudflare-one/access-controls/policies/external-evaluation).
 */
export function identityDocument(
    directory: Pick<AccessDirectory, "organization" | "postureRules">,
    identity: Identity,
): object {
    const known = directory.postureRules();
    return {
        ...{ id: identity.userId, name: identity.name, email: identity.email, groups: identity.groups },
        ...{ idp: { id: identity.provider.id, type: identity.provider.type }, amr: identity.authMethods },
        ...{
            geo: identity.country === undefined ? {} : { country: identity.country },
            custom: identity.claims,
        },
        ...{ user_uuid: identity.userId, account_id: directory.organization()?.id },
        devicePosture: Object.fromEntries(
            known.map(({ id, name, type: kind }) => [
                id,
                { id, rule_name: name, type: kind, success: identity.devicePosture.includes(id) },
            ]),
        ),
        ...{ iat: Math.floor(identity.loggedInAt.getTime() / 1000), ip: identity.ip, auth_status: "NONE" },
        ...{ common_name: "", service_token_id: "", service_token_status: false },
        ...{ is_warp: false, is_gateway: false, version: 2 },
    };
}
