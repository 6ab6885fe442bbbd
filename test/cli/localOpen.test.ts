import { describe, expect, it } from "vitest";
import { CommandError, Exit } from "../../cli/exit.ts";
import { addressesOf, addressOf, hasDisplay } from "../../cli/local/open.ts";
import type { AppConfig } from "../../stacks/config/environment.ts";

const edge = { https: "127.0.0.1:8443", statusPage: "https://sallyport.cloudflare.localhost:8443/" };

function app(name: string, hostname: string, more: Partial<AppConfig> = {}): AppConfig {
    return { name, hostname, service: "http://origin:80", audience: ["staff"], ...more };
}

const addresses = addressesOf(
    [
        app("grafana", "grafana.example.localhost"),
        app("admin", "grafana.example.localhost", { path: "/admin" }),
        app("orders-db", "orders-db.example.localhost", { service: "tcp://postgres:5432" }),
        app("bastion", "bastion.example.localhost", { service: "ssh://bastion:22", browserRendered: true }),
        app("previews", "*.example.localhost"),
    ],
    edge,
);

describe("what `local open` opens", () => {
    it.each([
        ["grafana", "https://grafana.example.localhost:8443/"],
        ["admin", "https://grafana.example.localhost:8443/admin"],
        ["grafana.example.localhost", "https://grafana.example.localhost:8443/"],
        ["bastion", "https://bastion.example.localhost:8443/"],
        ["status", edge.statusPage],
    ])("is by the name %s the page %s", (name, url) => {
        expect(addressOf(name, addresses)).toBe(url);
    });

    it.each(["orders-db", "previews", "nothing"])(
        "is never %s, which no browser can show; all names are listed",
        (name) => {
            const attempt = () => addressOf(name, addresses);
            expect(attempt).toThrow(CommandError);
            expect(attempt).toThrow(
                expect.objectContaining({
                    exit: Exit.usage,
                    message: `"${name}" is no page of the local environment`,
                    fix: "write one of admin, bastion, bastion.example.localhost, grafana, grafana.example.localhost, status",
                }),
            );
        },
    );

    it("is an app of the stack even when it is called status", () => {
        const own = addressesOf([app("status", "status.example.localhost")], edge);
        expect(addressOf("status", own)).toBe("https://status.example.localhost:8443/");
    });
});

describe("a browser's window", () => {
    it.each([
        ["linux", {}, false],
        ["linux", { DISPLAY: ":0" }, true],
        ["linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
        ["darwin", {}, true],
        ["win32", {}, true],
    ] as const)("on %s with %o can be shown: %s", (platform, env, expected) => {
        expect(hasDisplay(platform, env)).toBe(expected);
    });
});
