import type * as pulumi from "@pulumi/pulumi";

/** Operating systems, in the API's words. */
export const DevicePlatform = {
    Windows: "windows",
    MacOs: "mac",
    Linux: "linux",
    Android: "android",
    Ios: "ios",
    ChromeOs: "chromeos",
} as const;
export type DevicePlatform = (typeof DevicePlatform)[keyof typeof DevicePlatform];

/** What the Cloudflare One client looks at on a device, in the API's words. */
export const DevicePostureKind = {
    /** The client is connected, to the team's own organization. */
    Warp: "warp",
    /** Traffic goes through the team's Gateway. */
    Gateway: "gateway",
    /** The operating system's firewall is on. */
    Firewall: "firewall",
    DiskEncryption: "disk_encryption",
    OsVersion: "os_version",
    /** A file is there. */
    File: "file",
    /** A program runs. */
    Application: "application",
    DomainJoined: "domain_joined",
    /** A client certificate of a given authority is installed, with its private key. */
    ClientCertificate: "client_certificate_v2",
    Antivirus: "antivirus",
    /** The device's serial number is on a list. */
    SerialNumber: "serial_number",
    /** The device's unique client id is on a list. */
    UniqueClientId: "unique_client_id",
} as const;
export type DevicePostureKind = (typeof DevicePostureKind)[keyof typeof DevicePostureKind];

/** The argument that describes each kind; the connection and the firewall need none. */
export const CHECK_PROPERTY = {
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

/** How a device's version is compared with the one that is asked for. */
export const VersionOperator = {
    Exactly: "==",
    AtLeast: ">=",
    Above: ">",
    AtMost: "<=",
    Below: "<",
} as const;
export type VersionOperator = (typeof VersionOperator)[keyof typeof VersionOperator];

/** Which disks have to be encrypted. */
export interface DiskEncryptionCheck {
    /** Volumes (`C:`, `/`, `/home`). Every disk if omitted. */
    volumes?: string[];
}

/** Which version of the operating system is asked for. */
export interface OsVersionCheck {
    /** Version in three parts, such as `14.2.0`. */
    version: string;
    /** How the device's version compares with it. At least it if omitted. */
    operator?: VersionOperator;
    /** Linux only: the distribution, as `ID` of `/etc/os-release` has it. Any if omitted. */
    distribution?: string;
    /** Linux only: the distribution's own version, as `VERSION_ID` has it; takes `distribution`. Any if omitted. */
    distributionVersion?: string;
}

/** Which file has to be there. */
export interface FileCheck {
    /** Whole path on the device. */
    path: string;
    /** Whether it has to be there, or must not be. True if omitted. */
    exists?: boolean;
    /** SHA-256 of its content, 64 hexadecimal digits. Any content if omitted. */
    sha256?: string;
    /** SHA-1 thumbprint of the certificate that signed it, 40 hexadecimal digits. Any signature if omitted. */
    thumbprint?: string;
}

/** Which program has to run. */
export interface ApplicationCheck {
    /** Whole path of the program on the device. */
    path: string;
    /** SHA-256 of the program, 64 hexadecimal digits. Any if omitted. */
    sha256?: string;
    /** SHA-1 thumbprint of the certificate that signed it, 40 hexadecimal digits. Any signature if omitted. */
    thumbprint?: string;
}

/** Which Active Directory domain the device has to belong to. */
export interface DomainJoinedCheck {
    /** The domain's name, such as `ad.example.com`. Any domain if omitted. */
    domain?: string;
}

/** Which certificate has to be installed on the device. */
export interface ClientCertificateCheck {
    /** UUID of the signing authority among the account's client certificate authorities. */
    certificateId: pulumi.Input<string>;
    /** Common name that the certificate carries. Any if omitted. */
    commonName?: string;
    /** Whether the private key must be on the device and not exportable from elsewhere. True if omitted. */
    checkPrivateKey?: boolean;
}

/** How fresh the antivirus has to be. */
export interface AntivirusCheck {
    /** Longest time since its last update, in days. */
    updatedWithinDays: number;
}

/** A list of the account's Gateway lists. */
export interface DeviceListCheck {
    /** UUID of the list (`ZeroTrustList`) of serial numbers or of unique client ids. */
    listId: pulumi.Input<string>;
}
