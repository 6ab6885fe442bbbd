import { describe, expect, it } from "vitest";
import { explainAnswer, readAccessLog } from "../../cli/connect/accessLog.ts";

describe("what cloudflared logs", () => {
    it("is read for logins and failures", () => {
        const url = "https://db.example.com/cdn-cgi/access/cli?aud=1&token=2";
        expect(readAccessLog(url)).toEqual({ kind: "login", url });
        const prefix = "2026-01-01T00:00:00Z ERR failed to connect to origin";
        expect(readAccessLog(`${prefix} error="dial tcp: \\"x\\" refused" originURL=https://db`)).toEqual({
            kind: "failed",
            error: 'dial tcp: "x" refused',
        });
        expect(readAccessLog(`${prefix} error=EOF originURL=https://db`)).toEqual({ kind: "failed", error: "EOF" });
        expect(readAccessLog("2026-01-01T00:00:00Z INF Start Websocket listener host=127.0.0.1:1")).toBeUndefined();
    });

    it("is explained by the edge's answer", () => {
        const login = { status: 302, location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/db" };
        expect(explainAnswer(login, true)).toContain("does not take the service token");
        expect(explainAnswer(login, false)).toContain("asks for a login");
        expect(explainAnswer({ status: 403, location: undefined }, true)).toContain("refuses the service token");
        expect(explainAnswer({ status: 530, location: undefined }, true)).toBe(
            "no connector of the hostname's tunnel is connected: 530",
        );
        expect(explainAnswer({ status: 418, location: undefined }, true)).toContain("418");
    });
});
