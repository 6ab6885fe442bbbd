import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, it } from "vitest";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { WireGuardForm } from "../../components/index.ts";
import { ensurePrograms } from "../../toolchain/index.ts";
import { twoSites } from "../interconnect/support/federations.ts";
import { declareMesh } from "./support/meshSites.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-mesh-units-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([WireGuardForm.Networkd, WireGuardForm.Userspace])(
    "the unit of a mesh in the form %s is valid to systemd itself",
    async (form) => {
        const wanted = { package: "systemd", programs: ["systemd-analyze"] } as const;
        const { "systemd-analyze": analyze } = await ensurePrograms(wanted, { progress: stderrProgress() });
        const { nodes } = await declareMesh(twoSites(), { form });
        const file = nodes.a1?.files.find(({ path }) => path.endsWith(".service"));
        const unit = join(folder, basename(file?.path ?? ""));
        // Programs that are on every machine stand in for those that may be missing: systemd looks whether they are there.
        const content = file?.content.replace(/=(wireguard-go|wg|ip|\/usr\/sbin\/nft) /g, "=/bin/true ");
        writeFileSync(unit, content ?? "");
        const { exitCode, all } = await execa(analyze, ["verify", unit], { all: true, reject: false });
        expect(all).toBe("");
        expect(exitCode).toBe(0);
    },
);
