import { describe, expect, it } from "vitest";
import { EdgeUnderTest, TUNNEL_ID } from "./support/edgeUnderTest.ts";

const RULES = { ingress: [{ service: "http_status:404" }] };
const OTHER_RULES = { ingress: [{ hostname: "a.example.com", service: "http://a" }, { service: "http_status:404" }] };

describe("a connector's configuration", () => {
    it("arrives right after the registration and counts once acknowledged", async () => {
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const configured = edge.next("configured");
        const { connector, connection } = await edge.register();
        await using _ = connector;
        expect(await configured).toBe(connection);
        expect(connector.configurations).toEqual([{ version: 0, config: RULES }]);
        expect(connection.configuration).toEqual({ acknowledgedVersion: 0, refusal: undefined });
        expect(edge.published[0]?.configVersion).toBe(0);
    });

    it("arrives when it is stored while the connector is connected", async () => {
        await using edge = await EdgeUnderTest.start();
        const { connector } = await edge.register();
        await using _ = connector;
        expect(connector.configurations).toEqual([]);
        const configured = edge.next("configured");
        edge.directory.configure(TUNNEL_ID, RULES);
        await configured;
        expect(connector.configurations).toEqual([{ version: 0, config: RULES }]);
    });

    it("stays the old one in the directory until the new one is acknowledged", async () => {
        const secondAnswer = Promise.withResolvers<string>();
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const first = edge.next("configured");
        const pushed = Promise.withResolvers<void>();
        const { connector, connection } = await edge.register({
            answerConfiguration: ({ version }) => {
                if (version === 0) {
                    return '{"lastAppliedVersion":0,"err":null}';
                }
                pushed.resolve();
                return secondAnswer.promise;
            },
        });
        await using _ = connector;
        await first;
        const second = edge.next("configured");
        edge.directory.configure(TUNNEL_ID, OTHER_RULES);
        await pushed.promise;
        expect(connection.configuration.acknowledgedVersion).toBe(0);
        expect(edge.published[0]?.configVersion).toBe(0);
        secondAnswer.resolve('{"lastAppliedVersion":1,"err":null}');
        await second;
        expect(edge.published[0]?.configVersion).toBe(1);
    });

    it("skips versions that were overtaken while a push was under way", async () => {
        const firstAnswer = Promise.withResolvers<string>();
        const pushed = Promise.withResolvers<void>();
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const { connector, connection } = await edge.register({
            answerConfiguration: ({ version }) => {
                pushed.resolve();
                return version === 0 ? firstAnswer.promise : JSON.stringify({ lastAppliedVersion: version, err: null });
            },
        });
        await using _ = connector;
        await pushed.promise;
        for (const name of ["b", "c", "d"]) {
            edge.directory.configure(TUNNEL_ID, { ingress: [{ service: `http://${name}` }] });
        }
        const acknowledged = new Promise<void>((resolve) =>
            edge.edge.on("configured", ({ configuration }) => configuration.acknowledgedVersion === 3 && resolve()),
        );
        firstAnswer.resolve('{"lastAppliedVersion":0,"err":null}');
        await acknowledged;
        expect(connector.configurations.map(({ version }) => version)).toEqual([0, 3]);
        expect(connection.configuration.acknowledgedVersion).toBe(3);
    });

    it("that the connector cannot take leaves it on the old one, connected, and says so", async () => {
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const first = edge.next("configured");
        const { connector, connection } = await edge.register({
            answerConfiguration: ({ version }) => `{"lastAppliedVersion":0,"err":${version === 0 ? "null" : "{}"}}`,
        });
        await using _ = connector;
        await first;
        const second = edge.next("configured");
        edge.directory.configure(TUNNEL_ID, { ingress: "nonsense" });
        await second;
        expect(connection.configuration).toEqual({
            acknowledgedVersion: 0,
            refusal: "the connector did not take version 1; the reason is in the connector's log",
        });
        expect(connection.isOpen).toBe(true);
        expect(edge.published[0]?.configVersion).toBe(0);
    });

    it("of a connector that has seen later ones says that it keeps those", async () => {
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const configured = edge.next("configured");
        const { connector, connection } = await edge.register({
            answerConfiguration: () => '{"lastAppliedVersion":7,"err":null}',
        });
        await using _ = connector;
        await configured;
        expect(connection.configuration).toEqual({
            acknowledgedVersion: 7,
            refusal: expect.stringContaining("runs version 7 already"),
        });
    });

    it("is unknown while the connector has taken none", async () => {
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const configured = edge.next("configured");
        const { connector, connection } = await edge.register({
            answerConfiguration: () => '{"lastAppliedVersion":-1,"err":{}}',
        });
        await using _ = connector;
        await configured;
        expect(connection.configuration.acknowledgedVersion).toBeUndefined();
        expect(connection.configuration.refusal).toContain("did not take version 0");
    });

    it.each([
        ["an answer that is not JSON", () => "<html>", "answer is not JSON"],
        ["an answer without a version", () => '{"err":null}', "answer without lastAppliedVersion"],
        ["JSON that is no answer", () => "null", "answer without lastAppliedVersion"],
        ["an endless answer", () => "x".repeat(100_000), "answer of more than 65536 bytes"],
    ])("that gets %s ends the connection, so that the connector comes back for it", async (_case, answer, detail) => {
        await using edge = await EdgeUnderTest.start();
        edge.directory.configure(TUNNEL_ID, RULES);
        const gone = edge.next("disconnected");
        const { connector } = await edge.register({ answerConfiguration: answer });
        await using _ = connector;
        expect(await gone).toMatchObject({ reason: "unresponsive", detail: `configuration push: ${detail}` });
        await connector.closed;
    });

    it("that gets no answer in time ends the connection too", async () => {
        await using edge = await EdgeUnderTest.start({ timeouts: { configuration: 20 } });
        edge.directory.configure(TUNNEL_ID, RULES);
        const gone = edge.next("disconnected");
        const { connector } = await edge.register({ answerConfiguration: () => undefined });
        await using _ = connector;
        expect(await gone).toMatchObject({
            reason: "unresponsive",
            detail: "configuration push: no answer within 20 ms",
        });
        await connector.closed;
    });
});
