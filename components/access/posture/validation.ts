import type { Problems } from "../../internal/problems.ts";
import { checkShape } from "../../internal/shape.ts";
import { variantProblems } from "../../internal/variants.ts";
import {
    accountIdProblem,
    daysProblem,
    dnsNameProblem,
    memberProblem,
    nameProblem,
    osVersionProblem,
    postureScheduleProblem,
    sha1Problem,
    sha256Problem,
    uuidProblem,
} from "../../validation/index.ts";
import type { DevicePostureArgs } from "../devicePosture.ts";
import { CHECK_PROPERTY, DevicePlatform, VersionOperator } from "./checks.ts";
import { platformProblems } from "./platforms.ts";

/** Without them every disk, or any domain, is meant. */
const COMPLETE_WITHOUT = ["diskEncryption", "domainJoined"];

/** @throws pulumi.InputPropertiesError with every mistake in `args`. */
export function checkDevicePosture(name: string, args: DevicePostureArgs): void {
    const problems = checkShape("DevicePosture", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("postureName", args.postureName ?? name, nameProblem);
    problems.check("description", args.description);
    problems.check("schedule", args.schedule, postureScheduleProblem);
    problems.check("expiration", args.expiration, postureScheduleProblem);
    problems.addAll(variantProblems(args, args.kind, CHECK_PROPERTY, COMPLETE_WITHOUT));
    problems.checkEach("platforms", args.platforms, (platform) =>
        memberProblem(platform, Object.values(DevicePlatform)),
    );
    problems.addAll(platformProblems(args.kind, args.platforms));
    checkVersion(problems, args);
    checkDescriptions(problems, args);
    problems.throwIfAny("DevicePosture", name);
}

function checkVersion(problems: Problems, { osVersion, platforms }: DevicePostureArgs): void {
    if (osVersion === undefined) return;
    problems.check("osVersion.version", osVersion.version, osVersionProblem);
    problems.check("osVersion.operator", osVersion.operator, (operator) =>
        memberProblem(operator, Object.values(VersionOperator)),
    );
    problems.check("osVersion.distribution", osVersion.distribution, nameProblem);
    problems.check("osVersion.distributionVersion", osVersion.distributionVersion, nameProblem);
    if (osVersion.distributionVersion !== undefined && osVersion.distribution === undefined) {
        problems.add("osVersion.distributionVersion", 'has no distribution. Write it as "distribution".');
    }
    if (osVersion.distribution !== undefined && !platforms.includes(DevicePlatform.Linux)) {
        problems.add("osVersion.distribution", "is for linux alone. Remove it.");
    }
}

function checkDescriptions(problems: Problems, args: DevicePostureArgs): void {
    const { diskEncryption, file, application, domainJoined, clientCertificate, antivirus } = args;
    const { serialNumber, uniqueClientId } = args;
    problems.checkEach("diskEncryption.volumes", diskEncryption?.volumes, nameProblem);
    problems.check("diskEncryption.volumes", diskEncryption?.volumes, (volumes) =>
        volumes.length === 0 ? "is empty. Leave it out for every disk." : undefined,
    );
    for (const [path, check] of Object.entries({ file, application })) {
        problems.check(`${path}.path`, check?.path, nameProblem);
        problems.check(`${path}.sha256`, check?.sha256, sha256Problem);
        problems.check(`${path}.thumbprint`, check?.thumbprint, sha1Problem);
    }
    problems.check("domainJoined.domain", domainJoined?.domain, dnsNameProblem);
    problems.check("clientCertificate.certificateId", clientCertificate?.certificateId, uuidProblem);
    problems.check("clientCertificate.commonName", clientCertificate?.commonName, nameProblem);
    problems.check("antivirus.updatedWithinDays", antivirus?.updatedWithinDays, daysProblem);
    for (const [path, list] of Object.entries({ serialNumber, uniqueClientId })) {
        problems.check(`${path}.listId`, list?.listId, uuidProblem);
    }
}
