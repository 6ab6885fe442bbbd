import { z } from "zod";
import { durationMilliseconds } from "../../../goDuration.ts";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { goDuration } from "../../http/validation.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { refuseWhileReferred } from "../access/ruleReferences.ts";

const postureTypes = [
    ...["file", "application", "tanium", "gateway", "warp", "disk_encryption", "serial_number", "sentinelone"],
    ...["carbonblack", "firewall", "os_version", "domain_joined", "client_certificate", "client_certificate_v2"],
    ...["antivirus", "unique_client_id", "kolide", "tanium_s2s", "crowdstrike_s2s", "intune", "workspace_one"],
    ...["sentinelone_s2s", "custom_s2s"],
] as const;

const body = z.strictObject({
    name: z.string().min(1, "is empty; give the rule a name"),
    type: z.enum(postureTypes),
    description: z.string().optional(),
    schedule: goDuration
        .refine(
            (text) => durationMilliseconds(text) >= 60_000,
            "is too short; devices are looked at once a minute at most",
        )
        .optional(),
    expiration: z.string().optional(),
    match: z
        .array(
            z.strictObject({ platform: z.enum(["windows", "mac", "linux", "android", "ios", "chromeos"]).optional() }),
        )
        .optional(),
    input: z.record(z.string(), z.unknown()).optional(),
});

/** A check of a device, which policies can require. */
export interface PostureRule extends z.infer<typeof body> {
    readonly id: string;
}

export const postureRules = defineTable<PostureRule>("devicePostureRules");

export const devicePostureEndpoints: readonly Endpoint[] = collection<PostureRule>({
    table: postureRules,
    at: accountLevel,
    path: "/devices/posture",
    idParam: ":posture_rule_id",
    notFound: () => new ApiError(404, { code: 2008, message: "Posture rule not found" }),
    create: (request) => ({ ...request.body(body), id: newUuid() }),
    update: (request, { id }) => ({ ...request.body(body), id }),
    beforeDelete: (request, { id }) =>
        refuseWhileReferred(request, "posture rule", (rule) => rule.device_posture?.integration_uid === id),
});
