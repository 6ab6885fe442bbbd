/**
 * What a unit of systemd must not do, whatever it is: see or change the machine beyond its own files (`systemd.exec`, read with systemd 250 or later). A
 * unit adds under whom it runs, what it listens on and to whom it speaks.
 */
export const SANDBOX: readonly string[] = [
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "PrivateDevices=yes",
    "DevicePolicy=closed",
    "PrivateMounts=yes",
    "PrivateTmp=yes",
    "ProcSubset=pid",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RemoveIPC=yes",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
];

/** The same for a unit under an account that exists only while it runs, and that owns nothing and may do nothing. */
export const WITHOUT_ACCOUNT: readonly string[] = [
    "DynamicUser=yes",
    "UMask=0077",
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    ...SANDBOX,
    "PrivateUsers=yes",
    "SystemCallFilter=~@privileged @resources",
];
