import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { HostConnectorKind, HostTunnelConnector } from "../../components/index.ts";
import { ensurePrograms } from "../../toolchain/index.ts";
import { CREDENTIALS, TUNNEL } from "../components/fixtures.ts";
import { deploy, promiseOf } from "../support/mocks.ts";

describe("the unit of a connector on a machine, to systemd itself", () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-unit-"));
    let analyze: string;
    let unit: string;

    beforeAll(async () => {
        const wanted = { package: "systemd", programs: ["systemd-analyze"] } as const;
        analyze = (await ensurePrograms(wanted, { progress: stderrProgress() }))["systemd-analyze"];
        // A program that is on every machine stands in for cloudflared: systemd looks whether it is there.
        const args = { tunnelId: TUNNEL, credentials: CREDENTIALS, origins: ["10.0.0.5"], executable: "/bin/true" };
        const { result } = await deploy(() => new HostTunnelConnector("db-1", args));
        const [file] = await promiseOf((result as HostTunnelConnector).files);
        unit = join(folder, basename(file?.path ?? ""));
        writeFileSync(unit, file?.content ?? "");
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it("is valid to the letter", async () => {
        const { exitCode, all } = await execa(analyze, ["verify", unit], { all: true, reject: false });
        expect(all).toBe("");
        expect(exitCode).toBe(0);
    });

    it("has a firewall, as a container, that nftables understands and that can be put in place again", async () => {
        const { nft } = await ensurePrograms(
            { package: "nftables", programs: ["nft"] },
            { progress: stderrProgress() },
        );
        const args = { tunnelId: TUNNEL, credentials: CREDENTIALS, origins: ["10.0.0.5", "fd00::5"] };
        const { result } = await deploy(
            () => new HostTunnelConnector("db-1", { ...args, kind: HostConnectorKind.Container }),
        );
        const files = await promiseOf((result as HostTunnelConnector).files);
        const rules = join(folder, "firewall.nft");
        writeFileSync(rules, files.find(({ path }) => path.endsWith(".nft"))?.content ?? "");
        // In a network namespace of its own, which goes with the command.
        const twice = `${nft} -f ${rules} && ${nft} -f ${rules} && ${nft} list table inet sallyport_db_1`;
        const { exitCode, all } = await execa("unshare", ["-n", "sh", "-c", twice], { all: true, reject: false });
        expect(exitCode, all).toBe(0);
        expect(all).toContain("ip daddr 10.0.0.5 accept");
        expect(all?.match(/jump reaches/g)).toHaveLength(2);
    });

    it("leaves nothing open but the network", async () => {
        // In tenths: 10 is what is left once a service may speak to the network at all.
        const strict = ["security", "--offline=true", "--threshold=15", "--no-pager", unit];
        const { exitCode, stdout } = await execa(analyze, strict, { reject: false });
        expect(exitCode, stdout).toBe(0);
    });
});
