import { describe, expect, it } from "vitest";
import { connectorLaunch } from "../../cli/local/connectorProcess.ts";

const app = { name: "a", hostname: "a.sallyport.localhost", audience: ["staff"] };

function launchFor(...services: string[]) {
    return connectorLaunch(
        {
            cloudflared: "/tools/cloudflared",
            tunnelId: "11111111-2222-4333-8444-555555555555",
            credentials: '{"TunnelSecret":"c2VjcmV0"}',
            emulator: { edge: ["127.0.0.1:7844", "127.0.0.1:7845"], edgeCaPem: "PEM", teamProxy: "127.0.0.1:41000" },
            apps: services.map((service) => ({ ...app, service })),
        },
        "127.0.0.1:42000",
    );
}

describe("the connector without Docker", () => {
    it("gets nothing secret in its arguments and environment, and nothing of the user's environment", () => {
        const { args, env } = launchFor("http://127.0.0.1:3000");
        expect(JSON.stringify([args, env])).not.toContain("c2VjcmV0");
        expect(args).toContain("--credentials-file");
        expect(env).not.toHaveProperty("PATH");
    });

    it("is another one with other credentials", () => {
        expect(launchFor().reads).toContain('{"TunnelSecret":"c2VjcmV0"}');
    });

    it("fetches the team's keys through the emulator's proxy, and asks origins without it", () => {
        const { env } = launchFor(
            "https://nas.lan:8443/",
            "https://nas.lan",
            "wss://chat.lan",
            "https://[fd00::5]:8443",
            "http://127.0.0.1:3000",
            "tcp://db.lan:5432",
        );
        expect(env).toMatchObject({ HTTPS_PROXY: "http://127.0.0.1:41000", NO_PROXY: "nas.lan,chat.lan,fd00::5" });
        // Go takes HTTPS_PROXY for https alone; this one would capture requests to plain origins.
        expect(env).not.toHaveProperty("HTTP_PROXY");
    });
});
