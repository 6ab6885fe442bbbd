import { Problems } from "../../internal/problems.ts";
import { variantProblems } from "../../internal/variants.ts";
import {
    accountIdProblem,
    dnsNameProblem,
    durationProblem,
    memberProblem,
    nameProblem,
    uuidProblem,
} from "../../validation/index.ts";
import type { DevicePostureArgs } from "../devicePosture.ts";
import { DevicePlatform, DevicePostureKind, VersionOperator } from "./checks.ts";
import { ONE_PLATFORM, PLATFORMS } from "./platforms.ts";

/** The sub-object that describes each kind. */
const CHECK_PROPERTY = {
    [DevicePostureKind.Warp]: undefined,
    [DevicePostureKind.Gateway]: undefined,
    [DevicePostureKind.Firewall]: undefined,
    [DevicePostureKind.DiskEncryption]: "diskEncryption",
    [DevicePostureKind.OsVersion]: "osVersion",
    [DevicePostureKind.File]: "file",
    [DevicePostureKind.Application]: "application",
    [DevicePostureKind.DomainJoined]: "domainJoined",
    [DevicePostureKind.ClientCertificate]: "clientCertificate",
    [DevicePostureKind.Antivirus]: "antivirus",
    [DevicePostureKind.SerialNumber]: "serialNumber",
    [DevicePostureKind.UniqueClientId]: "uniqueClientId",
} as const;

/** Without them every disk, or any domain, is meant. */
const COMPLETE_WITHOUT = ["diskEncryption", "domainJoined"];

/** The API looks at a device once a minute at most. */
const SHORTEST_SCHEDULE = "1m";

/** @throws pulumi.InputPropertiesError with every mistake in `args`. */
export function checkDevicePosture(name: string, args: DevicePostureArgs): void {
    const problems = new Problems();
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("postureName", args.postureName ?? name, nameProblem);
    problems.check("schedule", args.schedule, (text) => durationProblem(text, { min: SHORTEST_SCHEDULE }));
    problems.check("expiration", args.expiration, (text) => durationProblem(text, { min: SHORTEST_SCHEDULE }));
    problems.addAll(variantProblems(args, args.kind, CHECK_PROPERTY, COMPLETE_WITHOUT));
    checkPlatforms(problems, args);
    checkVersion(problems, args);
    checkDescriptions(problems, args);
    problems.throwIfAny("DevicePosture", name);
}

function checkPlatforms(problems: Problems, { kind, platforms }: DevicePostureArgs): void {
    problems.checkEach("platforms", platforms, (platform) => memberProblem(platform, Object.values(DevicePlatform)));
    if (platforms.length === 0) {
        problems.add("platforms", "is empty, so no device would be checked. Write at least one operating system.");
    }
    const possible = Object.hasOwn(PLATFORMS, kind) ? PLATFORMS[kind] : Object.values(DevicePlatform);
    for (const [index, platform] of platforms.entries()) {
        if (possible.includes(platform) || memberProblem(platform, Object.values(DevicePlatform))) continue;
        const reason = `cannot be checked for "${kind}", which the client does on ${possible.join(", ")}. Remove it.`;
        problems.add(`platforms[${index}]`, `"${platform}" ${reason}`);
    }
    if (platforms.length > 1 && ONE_PLATFORM.has(kind)) {
        const reason = `holds ${platforms.length} operating systems, whose versions and paths differ. Write one, and a DevicePosture for each.`;
        problems.add("platforms", reason);
    }
}

function checkVersion(problems: Problems, { osVersion, platforms }: DevicePostureArgs): void {
    if (osVersion === undefined) return;
    problems.check("osVersion.version", osVersion.version, (version) =>
        /^\d+\.\d+\.\d+$/.test(version)
            ? undefined
            : `${JSON.stringify(version)} is not a version in three parts. Write one such as "14.2.0".`,
    );
    problems.check("osVersion.operator", osVersion.operator, (operator) =>
        memberProblem(operator, Object.values(VersionOperator)),
    );
    if (osVersion.distributionVersion !== undefined && osVersion.distribution === undefined) {
        problems.add("osVersion.distributionVersion", 'has no distribution. Write it as "distribution".');
    }
    if (osVersion.distribution !== undefined && !platforms.includes(DevicePlatform.Linux)) {
        problems.add("osVersion.distribution", "is for linux alone. Remove it.");
    }
}

function checkDescriptions(problems: Problems, args: DevicePostureArgs): void {
    const { diskEncryption, file, application, domainJoined, clientCertificate, antivirus } = args;
    problems.checkEach("diskEncryption.volumes", diskEncryption?.volumes, nameProblem);
    problems.check("diskEncryption.volumes", diskEncryption?.volumes, (volumes) =>
        volumes.length === 0 ? "is empty. Leave it out for every disk." : undefined,
    );
    for (const [path, check] of Object.entries({ file, application })) {
        problems.check(`${path}.path`, check?.path, nameProblem);
        problems.check(`${path}.sha256`, check?.sha256, (digest) => digestProblem(digest, 64, "SHA-256"));
        problems.check(`${path}.thumbprint`, check?.thumbprint, (digest) => digestProblem(digest, 40, "SHA-1"));
    }
    problems.check("domainJoined.domain", domainJoined?.domain, dnsNameProblem);
    problems.check("clientCertificate.certificateId", clientCertificate?.certificateId, uuidProblem);
    problems.check("clientCertificate.commonName", clientCertificate?.commonName, nameProblem);
    problems.check("antivirus.updatedWithinDays", antivirus?.updatedWithinDays, (days) =>
        Number.isInteger(days) && days >= 1 ? undefined : `${days} is not a number of days. Write 1 or more.`,
    );
    problems.check("serialNumber.listId", args.serialNumber?.listId, uuidProblem);
    problems.check("uniqueClientId.listId", args.uniqueClientId?.listId, uuidProblem);
}

function digestProblem(digest: string, length: number, algorithm: string): string | undefined {
    const fits = new RegExp(`^[0-9a-f]{${length}}$`).test(digest);
    return fits ? undefined : `is not a digest by ${algorithm}. Write ${length} hexadecimal digits in lower case.`;
}
