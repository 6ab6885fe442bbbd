import { once } from "node:events";
import { Agent } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer } from "node:net";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { PublicEdgeUnderTest, showRequest } from "../edge/support/publicEdgeUnderTest.ts";
import { AccessUnderTest } from "./support/accessUnderTest.ts";
import { issue, tlsIdentity } from "./support/clientCertificates.ts";

/** A public edge with Access before an application that certificates of one authority open, by the given rule. */
async function setUp(rule: object = { certificate: {} }) {
    await using started = new AsyncDisposableStack();
    const under = started.use(await AccessUnderTest.start());
    const edge = started.use(await PublicEdgeUnderTest.start({ gate: under.access }));
    await edge.connector(showRequest);
    const root = await issue("devices", { ca: true });
    const { id } = await under.create("access/certificates", {
        name: "devices",
        certificate: root.certificate.toString("pem"),
        associated_hostnames: ["app.example.com"],
    });
    await under.application({ policies: [{ name: "machines", decision: "non_identity", include: [rule] }] });
    const disposables = started.move();
    return { under, edge, root, id, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

describe("a client's certificate in the TLS handshake", () => {
    it("opens what certificates of its authority open, with its name in the token and in the log", async () => {
        await using setup = await setUp();
        const { under, edge, root } = setup;
        const between = await issue("between", { ca: true, issuer: root });
        for (const identity of [
            tlsIdentity(await issue("laptop-1", { issuer: root })),
            tlsIdentity(await issue("laptop-1", { issuer: between }), [between]),
        ]) {
            const logged = edge.next("request");
            const { status, body } = await edge.ask(identity);
            expect(status).toBe(200);
            const token = await under.verified(JSON.parse(body).headers["cf-access-jwt-assertion"]);
            expect(token.common_name).toBe("laptop-1");
            expect((await logged).who).toBe('certificate "laptop-1"');
        }
    });

    it("opens by its common name, where the policy names that", async () => {
        await using setup = await setUp({ common_name: { common_name: "laptop-1" } });
        const { edge, root } = setup;
        expect((await edge.ask(tlsIdentity(await issue("laptop-1", { issuer: root })))).status).toBe(200);
        expect((await edge.ask(tlsIdentity(await issue("laptop-2", { issuer: root })))).status).toBe(302);
    });

    it("opens nothing when it is missing, of another authority, over, or its authority's no longer", async () => {
        await using setup = await setUp();
        const { under, edge, root, id } = setup;
        const good = tlsIdentity(await issue("laptop-1", { issuer: root }));
        const other = await issue("devices", { ca: true });
        const foreign = tlsIdentity(await issue("laptop-1", { issuer: other }), [other]);
        const over = tlsIdentity(await issue("laptop-1", { issuer: root, notAfter: "2025-12-31T00:00:00Z" }));
        expect((await edge.ask(good)).status).toBe(200);
        for (const identity of [{}, foreign, over]) {
            expect((await edge.ask(identity)).status).toBe(302);
        }
        const change = { name: "devices", associated_hostnames: ["other.example.com"] };
        await under.create(`access/certificates/${id}`, change, "PUT");
        expect((await edge.ask(good)).status).toBe(302);
    });

    it("still opens when the client offers its TLS session again", async () => {
        await using setup = await setUp();
        const { edge, root } = setup;
        const identity = { ...tlsIdentity(await issue("laptop-1", { issuer: root })), agent: new Agent() };
        expect((await edge.ask(identity)).status).toBe(200);
        expect((await edge.ask(identity)).status).toBe(200);
    });

    it("is wanted on the authority's hostnames alone: elsewhere a browser has none to offer", async () => {
        await using setup = await setUp();
        const { edge } = setup;
        const isRefusedTo = async (hostname: string) => {
            const handshake = await handshakeOf(edge.tls(hostname));
            return handshake.includes("no-client-certificates.invalid");
        };
        expect(await isRefusedTo("app.example.com")).toBe(false);
        expect(await isRefusedTo("server.example.com")).toBe(true);
    });
});

/** All that a server says in a handshake, which TLS 1.2 does not encrypt. */
async function handshakeOf({ port, servername, ca }: ReturnType<PublicEdgeUnderTest["tls"]>): Promise<string> {
    const heard: Buffer[] = [];
    const tap = createServer((client) => {
        const server = connectTcp(port, "127.0.0.1");
        server.on("data", (chunk) => heard.push(chunk)).pipe(client);
        client.pipe(server);
    }).listen(0, "127.0.0.1");
    await once(tap, "listening");
    const { port: tapPort } = tap.address() as AddressInfo;
    const socket = connect({ host: "127.0.0.1", port: tapPort, servername, ca, maxVersion: "TLSv1.2" });
    await once(socket, "secureConnect");
    socket.destroy();
    tap.close();
    return Buffer.concat(heard).toString("latin1");
}
