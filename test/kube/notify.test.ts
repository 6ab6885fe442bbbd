import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { showOnDesktop } from "../../cli/kube/notify/desktop.ts";
import type { News } from "../../cli/kube/notify/news.ts";
import { notifier } from "../../cli/kube/notify/notifier.ts";
import { tellWebhook } from "../../cli/kube/notify/webhook.ts";
import type { TunnelState, TunnelView } from "../../cli/kube/session/state.ts";
import { folder } from "../connect/support/folder.ts";
import { listenOnLoopback } from "../e2e/support/listenOnLoopback.ts";
import { sallyport } from "../support/cli.ts";

function view(state: TunnelState, more: Partial<TunnelView> = {}): TunnelView {
    const place = { name: "orders", hostname: "orders.example.com", server: "https://10.0.0.1", port: 22_001 };
    return { ...place, state, since: 0, clients: 0, ...more };
}

describe("news of tunnels", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    function listener() {
        const told: News[] = [];
        const said: string[] = [];
        const tell = async (news: News) => {
            told.push(news);
            return ["notification: no desktop"];
        };
        return { told, said, news: notifier((line) => said.push(line), tell) };
    }

    it("are told when one stays down, and not when it comes back at once", () => {
        const { news, told } = listener();
        news.change(view("down"), view("up"));
        vi.advanceTimersByTime(9_000);
        news.change(view("up"), view("down"));
        vi.advanceTimersByTime(60_000);
        expect(told).toEqual([]);
        news.change(view("down"), view("up"));
        vi.advanceTimersByTime(10_000);
        expect(told).toEqual([{ event: "tunnel-down", cluster: "orders" }]);
    });

    it("are not told again for five minutes, and then they are", () => {
        const { news, told } = listener();
        for (let minute = 0; minute < 6; minute++) {
            news.change(view("login"), view("up"));
            news.change(view("up"), view("login"));
            vi.advanceTimersByTime(61_000);
        }
        expect(told).toHaveLength(2);
    });

    it("are told when a login is needed while one works, not while one connects and looks at the terminal", () => {
        const { news, told } = listener();
        news.change(view("login"), view("connecting"));
        expect(told).toEqual([]);
        news.change(view("login"), view("up"));
        expect(told).toEqual([{ event: "login-needed", cluster: "orders" }]);
    });

    it("are told ten minutes before a login ends", () => {
        const { news, told } = listener();
        const loginEnds = Date.now() + 30 * 60_000;
        using _ = news.watchLogins(() => [view("up", { loginEnds })]);
        vi.advanceTimersByTime(19 * 60_000);
        expect(told).toEqual([]);
        vi.advanceTimersByTime(2 * 60_000);
        expect(told).toEqual([{ event: "login-ends-soon", cluster: "orders" }]);
    });

    it("that cannot be told are said where somebody may look", async () => {
        const { news, said } = listener();
        news.newCluster("shop");
        await vi.advanceTimersByTimeAsync(0);
        expect(said).toEqual(["notification: no desktop"]);
    });
});

describe("a webhook", () => {
    it("is told the event and the cluster, as JSON with a text", async () => {
        let received = "";
        await using hook = await listenOnLoopback(
            createServer(async (request, response) => {
                received = await text(request);
                response.end();
            }),
        );
        await tellWebhook(`http://127.0.0.1:${hook.port}/T0/secret`, { event: "tunnel-down", cluster: "orders" });
        expect(JSON.parse(received)).toEqual({
            text: 'The tunnel to orders is down. "sallyport kube status" says why.',
            event: "tunnel-down",
            cluster: "orders",
            at: expect.stringMatching(/^\d{4}-.*Z$/),
        });
    });

    it.each([
        ["refuses", 500, {}, "answers 500"],
        ["leads elsewhere", 302, { location: "/elsewhere" }, "is not reached"],
    ])("that %s is told of by its host alone: the rest may be a secret", async (_, status, headers, expected) => {
        await using hook = await listenOnLoopback(
            createServer(({ url }, response) => {
                response.writeHead(url === "/elsewhere" ? 200 : status, headers).end();
            }),
        );
        const told = tellWebhook(`http://127.0.0.1:${hook.port}/T0/secret`, { event: "test", cluster: "" });
        await expect(told).rejects.toThrow(`the webhook at 127.0.0.1:${hook.port} ${expected}`);
        await expect(told).rejects.not.toThrow("secret");
    });
});

describe("the desktop", () => {
    it("shows the text as an argument, whatever is in it", async () => {
        using files = folder();
        const program = files.write("notify-send", '#!/bin/sh\nprintf "%s\\n" "$@" > "$0.seen"\n', 0o700);
        vi.stubEnv("PATH", dirname(program));
        await showOnDesktop('$(touch "x"); `id`', "linux");
        expect(readFileSync(`${program}.seen`, "utf8")).toBe('--app-name=sallyport\nSallyport\n$(touch "x"); `id`\n');
    });

    it("says what is missing", async () => {
        vi.stubEnv("PATH", "/nowhere");
        await expect(showOnDesktop("x", "linux")).rejects.toThrow("notify-send is not installed");
        await expect(showOnDesktop("x", "win32")).rejects.toThrow("use a webhook");
    });
});

describe("sallyport kube notify", () => {
    it("keeps the address of a webhook to its owner, shows its host alone, and takes it as no argument", async () => {
        using files = folder();
        const home = dirname(files.write("x", ""));
        const env = { HOME: home, XDG_CONFIG_HOME: join(home, "config") };
        const address = "https://hooks.example.com/T0/secret";
        const kept = await sallyport(["kube", "notify", "--webhook", "-", "--no-desktop"], {
            env,
            stdin: "pipe",
            input: address,
        });
        expect(kept.exitCode).toBe(0);
        expect(kept.stdout).toContain("yes, at hooks.example.com");
        expect(`${kept.stdout}${kept.stderr}`).not.toContain("secret");
        const file = join(home, "config", "sallyport", "kube-notify.json");
        expect(statSync(file).mode & 0o777).toBe(0o600);
        expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ desktop: false, webhook: address });
        const shown = await sallyport(["kube", "notify", "--webhook", address], { env });
        expect(shown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("seen by everybody") });
        const clear = await sallyport(["kube", "notify", "--webhook", "-"], {
            env,
            stdin: "pipe",
            input: "http://example.com/x",
        });
        expect(clear).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no address over https://") });
    });
});
