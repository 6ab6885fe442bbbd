import { execa } from "execa";

/** A notification is shown by then, or not at all: milliseconds. */
const SHOWN_WITHIN_MS = 5_000;
const TITLE = "Sallyport";

/** Programs that show a notification: libnotify's on Linux and the BSDs, the system's own on macOS. The text is an argument, never a part of a script. */
const COMMANDS: Readonly<Partial<Record<NodeJS.Platform, (text: string) => readonly [string, ...string[]]>>> = {
    linux: (text) => ["notify-send", "--app-name=sallyport", TITLE, text],
    freebsd: (text) => ["notify-send", "--app-name=sallyport", TITLE, text],
    darwin: (text) => [
        "osascript",
        ...[
            "-e",
            "on run argv",
            "-e",
            "display notification (item 1 of argv) with title (item 2 of argv)",
            "-e",
            "end run",
        ],
        ...[text, TITLE],
    ],
};

/** Shows a text on the desktop. @throws Error where there is nothing to show it with */
export async function showOnDesktop(text: string, platform: NodeJS.Platform = process.platform): Promise<void> {
    const command = COMMANDS[platform];
    if (command === undefined) {
        throw new Error(`no program is known that shows notifications on ${platform}; use a webhook`);
    }
    const [program, ...args] = command(text);
    const { failed, code, shortMessage } = await execa(program, args, {
        timeout: SHOWN_WITHIN_MS,
        reject: false,
        stdin: "ignore",
    });
    if (failed) {
        throw new Error(code === "ENOENT" ? `${program} is not installed` : (shortMessage ?? `${program} failed`));
    }
}
