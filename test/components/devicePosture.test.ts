import { describe, expect, it } from "vitest";
import {
    DevicePlatform,
    DevicePosture,
    type DevicePostureArgs,
    DevicePostureKind,
    VersionOperator,
} from "../../components/index.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const { Windows, MacOs, Linux, Ios } = DevicePlatform;
const LIST = "0f0e0d0c-0000-4000-8000-000000000002";

type Check = Omit<DevicePostureArgs, "accountId">;

/** Each kind on one platform, and the input that the API is sent. */
const checks: [Check, object | undefined][] = [
    [{ kind: DevicePostureKind.Warp, platforms: [Ios] }, undefined],
    [{ kind: DevicePostureKind.Gateway, platforms: [Ios] }, undefined],
    [
        { kind: DevicePostureKind.Firewall, platforms: [Windows] },
        { operatingSystem: "windows", enabled: true },
    ],
    [{ kind: DevicePostureKind.DiskEncryption, platforms: [MacOs] }, { requireAll: true }],
    [
        { kind: DevicePostureKind.DiskEncryption, platforms: [Windows], diskEncryption: { volumes: ["C:"] } },
        { requireAll: false, checkDisks: ["C:"] },
    ],
    [
        { kind: DevicePostureKind.OsVersion, platforms: [MacOs], osVersion: { version: "14.2.0" } },
        { operatingSystem: "mac", version: "14.2.0", operator: ">=" },
    ],
    [
        {
            kind: DevicePostureKind.OsVersion,
            platforms: [Linux],
            osVersion: {
                version: "6.1.0",
                operator: VersionOperator.Above,
                distribution: "debian",
                distributionVersion: "12",
            },
        },
        {
            operatingSystem: "linux",
            version: "6.1.0",
            operator: ">",
            osDistroName: "debian",
            osDistroRevision: "12",
        },
    ],
    [
        { kind: DevicePostureKind.File, platforms: [Linux], file: { path: "/etc/managed" } },
        { operatingSystem: "linux", path: "/etc/managed", exists: true },
    ],
    [
        {
            kind: DevicePostureKind.Application,
            platforms: [Linux],
            application: { path: "/usr/bin/agent", sha256: "a".repeat(64) },
        },
        { operatingSystem: "linux", path: "/usr/bin/agent", sha256: "a".repeat(64) },
    ],
    [
        {
            kind: DevicePostureKind.DomainJoined,
            platforms: [Windows],
            domainJoined: { domain: "ad.example.com" },
        },
        { operatingSystem: "windows", domain: "ad.example.com" },
    ],
    [
        {
            kind: DevicePostureKind.ClientCertificate,
            platforms: [MacOs],
            clientCertificate: { certificateId: LIST, commonName: "laptop" },
        },
        { operatingSystem: "mac", certificateId: LIST, cn: "laptop", checkPrivateKey: true },
    ],
    [
        { kind: DevicePostureKind.Antivirus, platforms: [Windows], antivirus: { updatedWithinDays: 7 } },
        { updateWindowDays: 7 },
    ],
    [{ kind: DevicePostureKind.SerialNumber, platforms: [MacOs], serialNumber: { listId: LIST } }, { id: LIST }],
    [{ kind: DevicePostureKind.UniqueClientId, platforms: [Ios], uniqueClientId: { listId: LIST } }, { id: LIST }],
];

describe("DevicePosture", () => {
    it.each(checks)("asks the client for %j", async (args, input) => {
        const { inputsOf, error } = await deploy(() => new DevicePosture("check", { accountId: ACCOUNT, ...args }));
        expect(error).toBeUndefined();
        const [platform] = args.platforms;
        expect(inputsOf(Token.PostureRule, `check-${platform}`)).toEqual({
            accountId: ACCOUNT,
            name: `check (${platform})`,
            type: args.kind,
            matches: [{ platform }],
            schedule: "5m",
            ...(input && { input }),
        });
    });

    it("tries every kind", () => {
        expect(new Set(checks.map(([{ kind }]) => kind))).toEqual(new Set(Object.values(DevicePostureKind)));
    });

    it("makes one rule for each operating system, because the API takes one in a rule, and gives all their ids", async () => {
        const { result, inputsOf } = await deploy(
            () =>
                new DevicePosture("firewall", {
                    accountId: ACCOUNT,
                    kind: DevicePostureKind.Firewall,
                    platforms: [MacOs, Windows],
                    postureName: "Firewall",
                    schedule: "10m",
                    expiration: "1h",
                    description: "asked for by the auditors",
                }),
        );
        expect(await promiseOf((result as DevicePosture).ruleIds)).toEqual([
            uuid("firewall-mac"),
            uuid("firewall-windows"),
        ]);
        expect(inputsOf(Token.PostureRule, "firewall-windows")).toMatchObject({
            name: "Firewall (windows)",
            schedule: "10m",
            expiration: "1h",
            description: "asked for by the auditors",
            input: { operatingSystem: "windows" },
        });
    });

    it.each<[string, Check, string, RegExp]>([
        ["no platform", { kind: "warp", platforms: [] }, "platforms", /no device would be checked/],
        [
            "a platform on which the client cannot look",
            { kind: "domain_joined", platforms: ["linux"] },
            "platforms[0]",
            /"linux" cannot be checked for "domain_joined".*windows/,
        ],
        [
            "one version for two systems",
            { kind: "os_version", platforms: ["mac", "windows"], osVersion: { version: "14.2.0" } },
            "platforms",
            /2 operating systems/,
        ],
        [
            "a version in words",
            { kind: "os_version", platforms: ["mac"], osVersion: { version: "Sonoma" } },
            "osVersion.version",
            /"Sonoma".*"14\.2\.0"/,
        ],
        ["no version", { kind: "os_version", platforms: ["mac"] }, "osVersion", /is missing/],
        [
            "a distribution outside Linux",
            { kind: "os_version", platforms: ["mac"], osVersion: { version: "14.2.0", distribution: "debian" } },
            "osVersion.distribution",
            /linux alone/,
        ],
        [
            "a description of another kind",
            { kind: "firewall", platforms: ["mac"], antivirus: { updatedWithinDays: 1 } },
            "antivirus",
            /does not belong to the kind "firewall"/,
        ],
        ["no path", { kind: "file", platforms: ["mac"], file: {} as { path: string } }, "file.path", /is missing/],
        [
            "no list",
            { kind: "serial_number", platforms: ["mac"], serialNumber: {} as { listId: string } },
            "serialNumber.listId",
            /is missing/,
        ],
        [
            "an empty list of volumes",
            { kind: "disk_encryption", platforms: ["mac"], diskEncryption: { volumes: [] } },
            "diskEncryption.volumes",
            /Leave it out for every disk/,
        ],
    ])("refuses %s and registers nothing", async (_, args, path, reason) => {
        const { error, resources } = await deploy(() => new DevicePosture("check", { accountId: ACCOUNT, ...args }));
        expect(problemsOf(error)).toEqual({ [path]: expect.stringMatching(reason) });
        expect(resources).toEqual([]);
    });

    it("tells all mistakes at once", async () => {
        const { error } = await deploy(
            () =>
                new DevicePosture("check", {
                    accountId: "acme",
                    kind: DevicePostureKind.File,
                    platforms: ["amiga" as "mac"],
                    file: { path: "", sha256: "ABC", thumbprint: "DEF" },
                    schedule: "10s",
                    expiration: "soon",
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "expiration",
            "file.path",
            "file.sha256",
            "file.thumbprint",
            "platforms[0]",
            "schedule",
        ]);
    });
});
