import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { rootDir } from "../site.ts";
import { castFile, readCast } from "./cast.ts";
import { Recorder } from "./recorder.ts";
import { takeScreenshots } from "./screenshots.ts";
import { terminalSvg } from "./terminal.ts";

// `npm run docs:pictures`: the pictures of the pages, made anew from the local environment, which it brings up and takes down, with Docker or
// `-- --without-docker`. `-- --drawn-only` draws the recording that is there.

/** A page is to stay light. */
const MOST_BYTES = 300 * 1024;

const folder = join(rootDir, "docs/pictures");
const cli = join(rootDir, "cli/bin.js");
const recording = join(folder, "local.cast");

async function drawMap(format: string, file: string): Promise<void> {
    const drawing = [cli, "map", "staging", "--offline", "--format", format];
    await execa(process.execPath, drawing, { cwd: rootDir, stdout: { file }, stderr: "inherit" });
}

async function photograph(): Promise<void> {
    const recorder = new Recorder(rootDir, (text) => process.stderr.write(text));
    const temporary = mkdtempSync(join(tmpdir(), "sallyport-pictures-"));
    const map = join(temporary, "map.html");
    try {
        await drawMap("html", map);
        await drawMap("svg", join(folder, "map.svg"));
        await recorder.run(
            `npm run local -- ${process.argv.includes("--without-docker") ? "--without-docker" : "--yes"}`,
        );
        await recorder.run("npm run local -- status");
        await recorder.run("npx sallyport audit local");
        await takeScreenshots(folder, map);
        await recorder.run("npm run local -- down");
    } catch (error) {
        // What went wrong is told, whatever becomes of what is left.
        await execa(process.execPath, [cli, "local", "down"], { cwd: rootDir, stdio: "inherit", reject: false });
        throw error;
    } finally {
        rmSync(temporary, { recursive: true, force: true });
    }
    const title = "The local environment comes up, shows what runs, is audited and taken down";
    writeFileSync(recording, castFile(recorder.cast(title, { width: 140, height: 30 })));
}

mkdirSync(folder, { recursive: true });
if (!process.argv.includes("--drawn-only")) await photograph();
const drawn = join(folder, "local.svg");
writeFileSync(drawn, terminalSvg(readCast(readFileSync(recording, "utf8"))));
if (statSync(drawn).size > MOST_BYTES) throw new Error(`${drawn} is larger than ${MOST_BYTES} bytes.`);
