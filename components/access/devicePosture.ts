import { ZeroTrustDevicePostureRule } from "@pulumi/cloudflare/zeroTrustDevicePostureRule.js";
import * as pulumi from "@pulumi/pulumi";
import type {
    AntivirusCheck,
    ApplicationCheck,
    ClientCertificateCheck,
    DeviceListCheck,
    DevicePlatform,
    DevicePostureKind,
    DiskEncryptionCheck,
    DomainJoinedCheck,
    FileCheck,
    OsVersionCheck,
} from "./posture/checks.ts";
import { postureInput } from "./posture/input.ts";
import { checkDevicePosture } from "./posture/validation.ts";

export interface DevicePostureArgs {
    /** Account that owns the rules: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name of the rules in the dashboard, before the operating system. The component's name if omitted. */
    postureName?: string;
    /** What is looked at. Each kind takes the argument of its name, and no other; `warp`, `gateway` and `firewall` take none. */
    kind: DevicePostureKind;
    /** Operating systems to check, one rule for each; a device of another one does not pass. `os_version`, `file` and `application` take one. */
    platforms: DevicePlatform[];
    /** For the kind `disk_encryption`. Every disk if omitted. */
    diskEncryption?: DiskEncryptionCheck;
    /** For the kind `os_version`. */
    osVersion?: OsVersionCheck;
    /** For the kind `file`. */
    file?: FileCheck;
    /** For the kind `application`. */
    application?: ApplicationCheck;
    /** For the kind `domain_joined`. Any domain if omitted. */
    domainJoined?: DomainJoinedCheck;
    /** For the kind `client_certificate_v2`. */
    clientCertificate?: ClientCertificateCheck;
    /** For the kind `antivirus`. */
    antivirus?: AntivirusCheck;
    /** For the kind `serial_number`. */
    serialNumber?: DeviceListCheck;
    /** For the kind `unique_client_id`. */
    uniqueClientId?: DeviceListCheck;
    /** How often the client looks, in Go's form; at least a minute. Five minutes (`5m`) if omitted. */
    schedule?: pulumi.Input<string>;
    /** How long a result holds when the client is not heard of, in Go's form. Until the next result if omitted. */
    expiration?: pulumi.Input<string>;
    /** What the check is for, shown in the dashboard. */
    description?: pulumi.Input<string>;
}

/**
 * A check of the device that somebody comes with: its disks are encrypted, its firewall is on, its system is new enough.
 *
 * The Cloudflare One client makes it; devices without the client never pass. It refuses nobody by itself: an
 * {@link AccessAudience} requires it. There is one rule for each operating system, and a device meets one of them, so hand all of
 * `ruleIds` to one requirement.
 *
 * @example
 * const disk = new DevicePosture("disk-encryption", {
 *     accountId,
 *     kind: DevicePostureKind.DiskEncryption,
 *     platforms: [DevicePlatform.MacOs, DevicePlatform.Windows],
 * });
 * new AccessAudience("staff", { accountId, emailDomains: ["example.com"], require: { posture: [{ anyOf: disk.ruleIds }] } });
 */
export class DevicePosture extends pulumi.ComponentResource {
    /** UUIDs of the rules, in the order of `platforms`. */
    public readonly ruleIds: pulumi.Output<string[]>;

    /**
     * @param name Name of the component, and of the rules where `postureName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: DevicePostureArgs, opts?: pulumi.ComponentResourceOptions) {
        checkDevicePosture(name, args);
        super("sallyport:index:DevicePosture", name, args, opts);

        const { accountId, description, expiration } = args;
        const rules = args.platforms.map((platform) => {
            const input = postureInput(args, platform);
            return new ZeroTrustDevicePostureRule(
                `${name}-${platform}`,
                {
                    accountId,
                    name: `${args.postureName ?? name} (${platform})`,
                    type: args.kind,
                    matches: [{ platform }],
                    // The API's own default, written out because it comes back.
                    schedule: args.schedule ?? "5m",
                    ...(input && { input }),
                    ...(description === undefined ? {} : { description }),
                    ...(expiration === undefined ? {} : { expiration }),
                },
                // Another kind is another check. The new one is there, and required, before the old one goes.
                { parent: this, replaceOnChanges: ["type"] },
            );
        });

        this.ruleIds = pulumi.all(rules.map(({ id }) => id));
        this.registerOutputs({ ruleIds: this.ruleIds });
    }
}
