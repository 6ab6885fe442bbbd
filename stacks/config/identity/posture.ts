import { z } from "zod";
import { DevicePlatform, DevicePostureKind, VersionOperator } from "../../../components/access/posture/checks.ts";
import { platformProblems } from "../../../components/access/posture/platforms.ts";
import {
    daysProblem,
    dnsNameProblem,
    nameProblem,
    osVersionProblem,
    postureScheduleProblem,
    sha1Problem,
    sha256Problem,
    uuidProblem,
} from "../../../components/validation/index.ts";
import { addProblems, text } from "../text.ts";

const oneOf = <Values extends Record<string, string>>(values: Values) =>
    z.enum(values, { error: `is unknown. Write one of ${Object.values(values).join(", ")}.` });

const common = {
    platforms: z.array(oneOf(DevicePlatform)),
    schedule: text(postureScheduleProblem).optional(),
    expiration: text(postureScheduleProblem).optional(),
    description: z.string().optional(),
};
const program = {
    path: text(nameProblem),
    sha256: text(sha256Problem).optional(),
    thumbprint: text(sha1Problem).optional(),
};
const list = { listId: text(uuidProblem) };
const days = z.number().superRefine((value, context) => {
    const reason = daysProblem(value);
    if (reason !== undefined) context.addIssue({ code: "custom", message: reason });
});

/** A check of the device: its kind and platforms, and beside them what the component takes in the argument of that kind. */
export const posture = z
    .discriminatedUnion(
        "kind",
        [
            z.strictObject({ kind: z.literal(DevicePostureKind.Warp), ...common }),
            z.strictObject({ kind: z.literal(DevicePostureKind.Gateway), ...common }),
            z.strictObject({ kind: z.literal(DevicePostureKind.Firewall), ...common }),
            z.strictObject({
                kind: z.literal(DevicePostureKind.DiskEncryption),
                ...common,
                volumes: z.array(text(nameProblem)).min(1, "is empty. Leave it out for every disk.").optional(),
            }),
            z
                .strictObject({
                    kind: z.literal(DevicePostureKind.OsVersion),
                    ...common,
                    version: text(osVersionProblem),
                    operator: oneOf(VersionOperator).optional(),
                    distribution: text(nameProblem).optional(),
                    distributionVersion: text(nameProblem).optional(),
                })
                .refine(
                    ({ distribution, distributionVersion: own }) => own === undefined || distribution !== undefined,
                    {
                        path: ["distributionVersion"],
                        message: 'has no distribution. Write it as "distribution".',
                    },
                )
                .refine(({ distribution, platforms }) => distribution === undefined || platforms.includes("linux"), {
                    path: ["distribution"],
                    message: "is for linux alone. Remove it.",
                }),
            z.strictObject({
                kind: z.literal(DevicePostureKind.File),
                ...common,
                ...program,
                exists: z.boolean().optional(),
            }),
            z.strictObject({ kind: z.literal(DevicePostureKind.Application), ...common, ...program }),
            z.strictObject({
                kind: z.literal(DevicePostureKind.DomainJoined),
                ...common,
                domain: text(dnsNameProblem).optional(),
            }),
            z.strictObject({
                kind: z.literal(DevicePostureKind.ClientCertificate),
                ...common,
                certificateId: text(uuidProblem),
                commonName: text(nameProblem).optional(),
                checkPrivateKey: z.boolean().optional(),
            }),
            z.strictObject({ kind: z.literal(DevicePostureKind.Antivirus), ...common, updatedWithinDays: days }),
            z.strictObject({ kind: z.literal(DevicePostureKind.SerialNumber), ...common, ...list }),
            z.strictObject({ kind: z.literal(DevicePostureKind.UniqueClientId), ...common, ...list }),
        ],
        { error: `is no kind of check. Write one of ${Object.values(DevicePostureKind).join(", ")}.` },
    )
    .superRefine(({ kind, platforms }, context) => addProblems(context, platformProblems(kind, platforms)))
    .transform(({ kind, platforms, schedule, expiration, description, ...check }) => ({
        kind,
        platforms,
        check,
        ...(schedule !== undefined && { schedule }),
        ...(expiration !== undefined && { expiration }),
        ...(description !== undefined && { description }),
    }));

/** A check of the device. */
export type PostureConfig = z.infer<typeof posture> & { name: string };
