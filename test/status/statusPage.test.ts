import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { GatePageRequest } from "../../emulator/edge/accessGate.ts";
import { STATUS_HOSTNAME } from "../../emulator/index.ts";
import { call, startEmulator } from "../emulator/support.ts";
import { StatusUnderTest } from "./support/statusUnderTest.ts";

const connector = {
    ...{ id: "c0ffee00-0000-4000-8000-000000000001", version: "2025.2.0", arch: "linux_amd64", features: [] },
    ...{ runAt: new Date("2026-01-01T00:00:00Z") },
    connections: [1, 2].map((number) => ({
        ...{ id: `00000000-0000-4000-8000-00000000000${number}`, coloName: "loc01", originIp: "172.18.0.3" },
        ...{ openedAt: new Date("2026-01-01T00:00:00Z"), isPendingReconnect: false },
    })),
};

/** The cells of each row of the table under a caption that begins so. */
function rows(html: string, caption: string): string[][] {
    const table = html.split("<table>").find((part) => part.includes(`<caption>${caption}`)) ?? "";
    const body = /<tbody[^>]*>([\s\S]*?)<\/tbody>/.exec(table)?.[1] ?? "";
    return body
        .split("<tr>")
        .slice(1)
        .map((row) => row.split(/<t[dh][^>]*>/).slice(1))
        .map((cells) =>
            cells.map((cell) =>
                cell
                    .replace(/<[^>]*>/g, " ")
                    .replace(/\s+/g, " ")
                    .trim(),
            ),
        );
}

describe("the status page", () => {
    it("shows tunnels with their connectors, and hostnames with the policies that guard them", async () => {
        await using status = await StatusUnderTest.start();
        const { under } = status;
        const id = await status.tunnelFor("app.example.com");
        await status.tunnelFor("open.example.com", "another");
        under.emulator.directory.connectionsChanged(id, [connector]);
        const token = await under.create("access/service_tokens", { name: "ci" });
        const include = [{ service_token: { token_id: token.id } }];
        const robots = { name: "robots", decision: "non_identity", include, precedence: 2 };
        const staff = {
            ...{ name: "staff", decision: "allow", precedence: 1 },
            ...{
                include: [{ email_domain: { domain: "example.com" } }],
                exclude: [{ email: { email: "eve@example.com" } }],
            },
        };
        await under.application({ policies: [staff, robots] });
        const { body } = await status.ask();
        expect(rows(body, "Each tunnel")).toEqual([
            ["another", "inactive", "none", expect.any(String)],
            ["local", "healthy", "c0ffee00 cloudflared 2025.2.0 linux_amd64, 2 connections", id],
        ]);
        expect(rows(body, "Each hostname")).toEqual([
            [
                ...["app.example.com", "local", "App"],
                "staff (Allow): include email_domain example.com; exclude email eve@example.com " +
                    'robots (Service Auth): include service_token "ci"',
            ].map((text) => text.replaceAll('"', "&quot;")),
            ["open.example.com", "another", "none: the edge asks nobody who they are"],
        ]);
        expect(body).toContain(`href="https://app.example.com:${status.edge.port}/"`);
    });

    it("lists requests, the newest first, with verdict, rule and connector, and is not among them itself", async () => {
        await using status = await StatusUnderTest.start();
        await status.under.application();
        const logged = status.edge.next("request");
        await status.edge.ask({ path: "/first" });
        await logged;
        const second = status.edge.next("request");
        await status.edge.ask({
            path: "/second",
            headers: { "cf-access-client-id": "x", "cf-access-client-secret": "y" },
        });
        const { ray } = await second;
        await status.ask();
        const { body } = await status.ask();
        expect(rows(body, "The last 200 requests")).toEqual([
            [
                ...[expect.stringMatching(/^\d\d:\d\d:\d\d$/), "app.example.com", "GET /second", "refused", "403", ""],
                ...[
                    "app &quot;App&quot;, no service token has this client id",
                    expect.stringMatching(/^\d+ ms$/),
                    "",
                    ray,
                ],
            ],
            [
                ...[expect.any(String), "app.example.com", "GET /first", "sent to log in", "302", ""],
                ...["app &quot;App&quot;, nobody is logged in", expect.any(String), "", expect.any(String)],
            ],
        ]);
        expect(body).toContain(`data-newest="${ray}"`);
    });

    it("never shows what somebody could get in with: no query, cookie, credential or tunnel secret", async () => {
        await using status = await StatusUnderTest.start();
        const tunnel = await status.under.create("cfd_tunnel", {
            ...{ name: "local", config_src: "cloudflare" },
            tunnel_secret: Buffer.from("planted-tunnel-secret-of-32-bytes").toString("base64"),
        });
        const token = await status.under.create("access/service_tokens", { name: "ci" });
        await status.under.application({
            policies: [{ name: "robots", decision: "non_identity", include: [{ any_valid_service_token: {} }] }],
        });
        const logged = status.edge.next("request");
        await status.edge.ask({
            path: "/report?code=planted-query",
            headers: {
                ...{ cookie: "CF_Authorization=planted-cookie", authorization: "Bearer planted-bearer" },
                ...{ "cf-access-client-id": token.client_id, "cf-access-client-secret": token.client_secret },
            },
        });
        expect(await logged).toMatchObject({ verdict: "allowed" });
        const { body } = await status.ask();
        expect(body).toContain("GET /report");
        expect(body).not.toMatch(/planted/);
        expect(body).not.toContain(token.client_secret);
        expect(body).not.toContain(Buffer.from("planted-tunnel-secret").toString("base64").slice(0, 20));
        expect(body).toContain(tunnel.id);
    });

    it("runs nothing but its own script and style, loads nothing, and is not framed", async () => {
        await using status = await StatusUnderTest.start();
        const { headers, body } = await status.ask();
        const hash = (element: string) => {
            const text = new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`).exec(body)?.[1] ?? "";
            expect(text.length).toBeGreaterThan(100);
            return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        };
        expect(headers["content-security-policy"]).toBe(
            `default-src 'none'; style-src ${hash("style")}; script-src ${hash("script")}; connect-src 'self'; ` +
                "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        );
        expect(body).not.toMatch(/\s(src|on\w+)=/);
    });

    it("escapes what others have named", async () => {
        await using status = await StatusUnderTest.start();
        await status.tunnelFor("app.example.com", "<script>alert(1)</script>");
        await status.under.application({ name: '<img src="x">' });
        const { body } = await status.ask();
        expect(body).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        expect(body).toContain("&lt;img src=&quot;x&quot;&gt;");
        expect(body).not.toContain("<script>alert");
        expect(body).not.toContain("<img");
    });

    it("works without a script: it reloads itself", async () => {
        await using status = await StatusUnderTest.start();
        const { body } = await status.ask();
        expect(body).toMatch(/<noscript><meta http-equiv="refresh" content="\d+"><\/noscript>/);
        expect(body).toMatch(/<noscript>[\s\S]*<a href="\/">Reload now<\/a>/);
    });

    it("is only read, and only from this machine", async () => {
        await using status = await StatusUnderTest.start();
        expect((await status.ask({ method: "POST", body: "x" })).status).toBe(405);
        expect((await status.ask({ path: "/other" })).status).toBe(404);
        const stranger = { clientIp: "203.0.113.7", method: "GET", path: "/", port: 443 } as GatePageRequest;
        expect((await status.site.handle(stranger)).status).toBe(403);
        expect((await status.site.handle({ ...stranger, clientIp: "::1" })).status).toBe(200);
    });
});

describe("the emulator's own names", () => {
    it.each([STATUS_HOSTNAME, "cloudflare.localhost", "x.cloudflareaccess.com"])(
        "are nobody's zone: %s",
        async (name) => {
            await expect(startEmulator({ zones: [{ name }] })).rejects.toThrow("is a domain of the emulator's own");
            await using emulator = await startEmulator();
            const account = { id: emulator.accountId };
            const { status, errors } = await call(emulator, "POST", "/zones", { name, account });
            expect([status, errors[0]?.code]).toEqual([400, 1097]);
        },
    );
});
