import { describe, expect, it } from "vitest";
import { NoTunnelError, type RequestAroundAccess } from "../../emulator/edgeControls.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { call, startEmulator } from "./support.ts";

const PATH = "/../../emulator/edge/around-access";
const REQUEST = { hostname: "app.example.com", path: "/x?y=1" };
const ANSWERS = [{ connectorId: "c", status: 403, headers: {} }];

/** Attaches an edge whose one connector refuses; the requests that reach it are kept. */
function attachEdge(emulator: CloudflareEmulator): RequestAroundAccess[] {
    const asked: RequestAroundAccess[] = [];
    emulator.attachEdge({
        requests: [],
        askAroundAccess: async (request) => {
            asked.push(request);
            if (request.hostname !== REQUEST.hostname) {
                throw new NoTunnelError(`${request.hostname} leads to no tunnel.`);
            }
            return ANSWERS;
        },
    });
    return asked;
}

describe("asking around Access", () => {
    it("hands the request to the edge and gives its connectors' answers", async () => {
        await using emulator = await startEmulator();
        const asked = attachEdge(emulator);
        expect((await call(emulator, "POST", PATH, REQUEST)).result).toEqual(ANSWERS);
        expect(asked).toEqual([REQUEST]);
    });

    it("is refused without the API's token, and nothing enters the tunnel", async () => {
        await using emulator = await startEmulator();
        const asked = attachEdge(emulator);
        const { status } = await call(emulator, "POST", PATH, REQUEST, { authorization: "Bearer wrong" });
        expect(status).toBe(403);
        expect(asked).toEqual([]);
    });

    it("says that no edge runs, or that the hostname leads to no tunnel", async () => {
        await using emulator = await startEmulator();
        const alone = await call(emulator, "POST", PATH, REQUEST);
        expect(alone).toMatchObject({ status: 404, errors: [{ message: "This emulator runs without an edge." }] });
        attachEdge(emulator);
        const elsewhere = await call(emulator, "POST", PATH, { ...REQUEST, hostname: "www.example.com" });
        expect(elsewhere).toMatchObject({ status: 404, errors: [{ message: "www.example.com leads to no tunnel." }] });
    });

    it("names every wrong value at once", async () => {
        await using emulator = await startEmulator();
        attachEdge(emulator);
        const { status, errors } = await call(emulator, "POST", PATH, { hostname: "APP.example.com", path: "x" });
        expect(status).toBe(400);
        expect(errors.map(({ source }) => source?.pointer)).toEqual(["/hostname", "/path"]);
    });
});
