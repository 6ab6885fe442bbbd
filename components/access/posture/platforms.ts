import { DevicePlatform, DevicePostureKind } from "./checks.ts";

const { Windows, MacOs, Linux, Android, Ios, ChromeOs } = DevicePlatform;
const DESKTOP = [Windows, MacOs, Linux];
const MOBILE = [Android, Ios, ChromeOs];

/** Where the client can make each check (developers.cloudflare.com/cloudflare-one, "Cloudflare One Client checks"). */
export const PLATFORMS: Readonly<Record<DevicePostureKind, readonly DevicePlatform[]>> = {
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
export const ONE_PLATFORM: ReadonlySet<DevicePostureKind> = new Set([
    DevicePostureKind.OsVersion,
    DevicePostureKind.File,
    DevicePostureKind.Application,
]);
