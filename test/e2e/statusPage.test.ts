import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { STATUS_HOSTNAME } from "../../emulator/index.ts";
import { StatusUnderTest } from "../status/support/statusUnderTest.ts";
import { Chromium } from "./support/chromium.ts";

const ARTEFACTS = join(projectDir, ".sallyport", "artefacts");

it("the status page follows requests and tunnels in a real browser, within its own content security policy", async () => {
    await using status = await StatusUnderTest.start();
    await using chromium = await Chromium.start(status.edge.caPem, stderrProgress());
    await status.under.application();
    await using page = await chromium.person();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`https://${STATUS_HOSTNAME}:${status.edge.port}/`);
    await page.getByRole("status").getByText("Live").waitFor();

    await status.edge.ask({ path: "/first" });
    await status.edge.ask({ path: "/second" });
    const requests = page.getByRole("region", { name: "Requests" }).getByRole("row");
    await requests.filter({ hasText: "GET /second" }).waitFor();
    expect(await requests.nth(1).textContent()).toMatch(/GET \/second.*sent to log in.*nobody is logged in/);
    expect(await requests.nth(2).textContent()).toContain("GET /first");

    await status.tunnelFor("fresh.example.com", "fresh");
    await page.getByRole("link", { name: "fresh.example.com" }).waitFor();
    await mkdir(ARTEFACTS, { recursive: true });
    await page.screenshot({ path: join(ARTEFACTS, "status-page.png"), fullPage: true });
    expect(complaints).toEqual([]);
});
