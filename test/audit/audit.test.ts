import { describe, expect, it } from "vitest";
import { findingsOf } from "../../cli/audit/audit.ts";
import { type Finding, wasChecked } from "../../cli/audit/finding.ts";
import type { AuditTarget } from "../../cli/audit/target.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { accountId, call, startEmulator } from "../emulator/support.ts";

/** An environment with a tunnel and no hostname, so that nothing but the account and Docker is asked. */
async function environmentIn(emulator: CloudflareEmulator): Promise<AuditTarget> {
    const body = { name: "sallyport-local", config_src: "cloudflare" };
    const { result } = await call(emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, body);
    return {
        stack: "local",
        accountId,
        hostnames: [],
        tunnels: [{ id: result.id, name: "sallyport-local", management: "remote", service: "connector" }],
        api: { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken },
        local: { before: undefined, emulatorPid: 1, edge: [] },
    };
}

const names = (findings: readonly Finding[]) => findings.map(({ id, subject }) => `${id}: ${subject}`).toSorted();

describe("an environment", () => {
    it("without Docker has what it lacks named, each with the reason, and nothing of it called well", async () => {
        await using emulator = await startEmulator();
        const reason = "the environment was brought up without Docker";
        const findings = await findingsOf({ ...(await environmentIn(emulator)), withoutDocker: reason });
        const lacking = findings.filter((finding) => "reason" in finding && finding.reason === reason);
        expect(names(lacking)).toEqual([
            "every-replica-is-connected: sallyport-local",
            "every-replica-runs: Docker",
            "no-published-port: Docker",
            "no-reachable-listener: Docker",
        ]);
        expect(findings.filter(wasChecked).map(({ id }) => id)).toEqual([
            "tunnel-is-connected",
            "tunnel-is-managed-as-declared",
        ]);
    });

    it("whose Docker does not answer fails in all that Docker would have told", async () => {
        await using emulator = await startEmulator();
        const dockerHost = "unix:///nowhere/docker.sock";
        const findings = await findingsOf({ ...(await environmentIn(emulator)), dockerHost });
        const silent = findings.filter((finding) => wasChecked(finding) && finding.detail.includes("cannot be asked"));
        expect(names(silent)).toEqual([
            "every-replica-is-connected: sallyport-local",
            "every-replica-runs: Docker",
            "no-published-port: Docker",
            "no-reachable-listener: Docker",
        ]);
        expect(silent.every((finding) => wasChecked(finding) && !finding.ok)).toBe(true);
    });
});
