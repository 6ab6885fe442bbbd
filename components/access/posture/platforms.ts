import type { Problem } from "../../internal/problems.ts";
import { DevicePlatform, DevicePostureKind } from "./checks.ts";

const { Windows, MacOs, Linux, Android, Ios, ChromeOs } = DevicePlatform;
const DESKTOP = [Windows, MacOs, Linux];
const MOBILE = [Android, Ios, ChromeOs];

/** Where the client can make each check (developers.cloudflare.com/cloudflare-one, "Cloudflare One Client checks"). */
const PLATFORMS: Readonly<Record<DevicePostureKind, readonly DevicePlatform[]>> = {
    [DevicePostureKind.Warp]: [...DESKTOP, ...MOBILE],
    [DevicePostureKind.Gateway]: [...DESKTOP, ...MOBILE],
    [DevicePostureKind.Firewall]: [Windows, MacOs],
    [DevicePostureKind.DiskEncryption]: DESKTOP,
    [DevicePostureKind.OsVersion]: [...DESKTOP, ...MOBILE],
    [DevicePostureKind.File]: DESKTOP,
    [DevicePostureKind.Application]: DESKTOP,
    [DevicePostureKind.DomainJoined]: [Windows],
    [DevicePostureKind.ClientCertificate]: DESKTOP,
    [DevicePostureKind.Antivirus]: DESKTOP,
    [DevicePostureKind.SerialNumber]: DESKTOP,
    [DevicePostureKind.UniqueClientId]: MOBILE,
};

/** Checks whose description means one operating system: versions, paths and domains differ between them. */
const ONE_PLATFORM: ReadonlySet<DevicePostureKind> = new Set([
    DevicePostureKind.OsVersion,
    DevicePostureKind.File,
    DevicePostureKind.Application,
]);

/** Every mistake in the operating systems on which a check is to be made. What is no operating system is for others to say. */
export function platformProblems(kind: DevicePostureKind, platforms: readonly DevicePlatform[]): Problem[] {
    if (platforms.length === 0) {
        return [{ path: "platforms", reason: "is empty, so no device would be checked. Write an operating system." }];
    }
    const known: readonly string[] = Object.values(DevicePlatform);
    const possible: readonly string[] = Object.hasOwn(PLATFORMS, kind) ? PLATFORMS[kind] : known;
    const impossible = platforms.flatMap((platform, index) =>
        possible.includes(platform) || !known.includes(platform)
            ? []
            : [
                  {
                      path: `platforms[${index}]`,
                      reason: `"${platform}" cannot be checked for "${kind}", which the client does on ${possible.join(", ")}. Remove it.`,
                  },
              ],
    );
    const count = platforms.length;
    const reason = `holds ${count} operating systems, whose versions and paths differ. Write one, and a check for each.`;
    return [...impossible, ...(count > 1 && ONE_PLATFORM.has(kind) ? [{ path: "platforms", reason }] : [])];
}
