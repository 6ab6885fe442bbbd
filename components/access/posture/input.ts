import type { ZeroTrustDevicePostureRuleArgs } from "@pulumi/cloudflare/zeroTrustDevicePostureRule.js";
import type { DevicePostureArgs } from "../devicePosture.ts";
import { type DevicePlatform, DevicePostureKind, VersionOperator } from "./checks.ts";

type PostureInput = NonNullable<ZeroTrustDevicePostureRuleArgs["input"]>;

/** The `input` of the API for one operating system; nothing for checks that take none. */
export function postureInput(args: DevicePostureArgs, operatingSystem: DevicePlatform): PostureInput | undefined {
    switch (args.kind) {
        case DevicePostureKind.Warp:
        case DevicePostureKind.Gateway:
            return undefined;
        case DevicePostureKind.Firewall:
            return { operatingSystem, enabled: true };
        case DevicePostureKind.DiskEncryption: {
            const volumes = args.diskEncryption?.volumes;
            return volumes === undefined ? { requireAll: true } : { requireAll: false, checkDisks: volumes };
        }
        case DevicePostureKind.OsVersion: {
            const { version, operator, distribution, distributionVersion } = required(args.osVersion);
            return given({
                operatingSystem,
                version,
                operator: operator ?? VersionOperator.AtLeast,
                osDistroName: distribution,
                osDistroRevision: distributionVersion,
            });
        }
        case DevicePostureKind.File: {
            const { path, exists = true, sha256, thumbprint } = required(args.file);
            return given({ operatingSystem, path, exists, sha256, thumbprint });
        }
        case DevicePostureKind.Application:
            return given({ operatingSystem, ...required(args.application) });
        case DevicePostureKind.DomainJoined:
            return given({ operatingSystem, domain: args.domainJoined?.domain });
        case DevicePostureKind.ClientCertificate: {
            const { certificateId, commonName, checkPrivateKey = true } = required(args.clientCertificate);
            return given({ operatingSystem, certificateId, cn: commonName, checkPrivateKey });
        }
        case DevicePostureKind.Antivirus:
            return { updateWindowDays: required(args.antivirus).updatedWithinDays };
        case DevicePostureKind.SerialNumber:
            return { id: required(args.serialNumber).listId };
        case DevicePostureKind.UniqueClientId:
            return { id: required(args.uniqueClientId).listId };
    }
}

function given(values: PostureInput): PostureInput {
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The arguments are checked before; a kind without its description would be a mistake of ours. */
function required<T>(check: T | undefined): T {
    if (check === undefined) throw new Error("the description of the posture check's kind is missing");
    return check;
}
