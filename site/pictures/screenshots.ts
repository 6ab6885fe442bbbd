import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { localFiles } from "../../cli/local/files.ts";
import { localStatus } from "../../cli/local/status.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { Chromium } from "../../test/e2e/support/chromium.ts";
import { logInWithPin } from "../../test/e2e/support/oneTimePin.ts";

/**
 * Photographs what people see of the local environment, which runs: the login page, then the status page after two of them asked for the demo
 * service, and the map of who reaches what.
 *
 * @param folder where pictures go.
 * @param map the map, as `sallyport map --format html` wrote it.
 */
export async function takeScreenshots(folder: string, map: string): Promise<void> {
    const { hostnames, emulator } = await localStatus();
    const [app] = hostnames;
    if (app === undefined) throw new Error("The local environment has no app to photograph.");
    await using chromium = await Chromium.start(readFileSync(localFiles.edgeCa, "utf8"), stderrProgress());

    await using visitor = await chromium.person();
    await visitor.goto(app.url);
    await visitor.setViewportSize({ width: 800, height: 420 });
    await visitor.screenshot({ path: join(folder, "login.png") });
    await logInWithPin(visitor, "ann@example.com");
    await visitor.getByText("Cf-Access-Authenticated-User-Email").waitFor();

    await using stranger = await chromium.person();
    await stranger.goto(app.url);
    await logInWithPin(stranger, "eve@example.net");
    await stranger.getByRole("heading", { name: "Access refused" }).waitFor();

    await using operator = await chromium.person();
    await operator.setViewportSize({ width: 1300, height: 900 });
    await operator.goto(emulator.statusPage);
    await operator.getByRole("region", { name: "Requests" }).getByText("GET /").first().waitFor();
    await operator.screenshot({ path: join(folder, "status.png") });

    await using reviewer = await chromium.person();
    await reviewer.setViewportSize({ width: 1100, height: 560 });
    await reviewer.goto(pathToFileURL(map).href);
    await reviewer.screenshot({ path: join(folder, "map.png") });
}
