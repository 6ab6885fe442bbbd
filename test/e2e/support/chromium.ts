import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import { ensurePrograms, type Progress } from "../../../toolchain/index.ts";

/** How a person's browser is set up. */
export interface PersonOptions {
    readonly javaScriptEnabled: boolean;
}

/** Debian's Chromium, headless, with a home folder of its own in which it trusts one authority more. */
export class Chromium implements AsyncDisposable {
    readonly #browser: Browser;
    readonly #home: string;

    /**
     * @param caPem what verifies the edge's certificates.
     * @param proxy URL of a proxy for all names, those below `localhost` included; none when omitted.
     */
    static async start(caPem: string, progress: Progress, proxy?: string): Promise<Chromium> {
        const options = { progress };
        const { chromium } = await ensurePrograms({ package: "chromium", programs: ["chromium"] }, options);
        const { certutil } = await ensurePrograms({ package: "libnss3-tools", programs: ["certutil"] }, options);
        const home = await mkdtemp(join(tmpdir(), "sallyport-chromium-"));
        const [ca, database] = [join(home, "ca.pem"), `sql:${join(home, ".pki/nssdb")}`];
        await writeFile(ca, caPem);
        await mkdir(join(home, ".pki/nssdb"), { recursive: true });
        await execa(certutil, ["-d", database, "-N", "--empty-password"]);
        await execa(certutil, ["-d", database, "-A", "-t", "C,,", "-n", "local edge", "-i", ca]);
        const browser = await playwright.launch({
            executablePath: chromium,
            // Its sandbox refuses to work for root, who runs tests in containers.
            chromiumSandbox: process.getuid?.() !== 0,
            env: { HOME: home, PATH: process.env.PATH ?? "" },
            ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: "<-loopback>" } }),
        });
        return new Chromium(browser, home);
    }

    private constructor(browser: Browser, home: string) {
        this.#browser = browser;
        this.#home = home;
    }

    /** A fresh browser profile, without cookies. */
    async person(options: PersonOptions = { javaScriptEnabled: true }): Promise<Page & AsyncDisposable> {
        const context = await this.#browser.newContext({ ...options, viewport: { width: 800, height: 700 } });
        return context.newPage();
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#browser.close();
        await rm(this.#home, { recursive: true, force: true });
    }
}
