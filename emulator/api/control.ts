import { Hono } from "hono";
import { z } from "zod";
import { type EdgeControls, NoTunnelError, type PublicRequestEvent } from "../edgeControls.ts";
import { EmulatorError } from "../emulatorError.ts";
import type { PrivateConnections } from "../privateConnections.ts";
import { mountDeviceControls } from "./deviceControls.ts";
import { ApiError } from "./http/apiError.ts";
import { success } from "./http/envelope.ts";
import { type Faults, faultSchema } from "./http/faults.ts";
import type { RouteBindings } from "./http/gateway.ts";
import type { RequestLog } from "./http/requestLog.ts";
import { parse } from "./http/validation.ts";
import type { RiskScores } from "./riskScores.ts";
import type { EmulatorSnapshot } from "./store/snapshot.ts";
import type { Store } from "./store/store.ts";

/** What the emulator's own HTTP interface can do; the class offers the same to code. */
export interface Controls {
    readonly faults: Faults;
    readonly log: RequestLog;
    readonly accountId: string;
    readonly riskScores: RiskScores;
    /** The edge, once one is attached. */
    readonly edge: EdgeControls | undefined;
    /** The connections into private networks, once there is a way into those. */
    readonly privateConnections: PrivateConnections | undefined;
    readonly store: Store;
    reset(): void;
    snapshot(): EmulatorSnapshot;
    restore(snapshot: unknown): void;
}

/**
 * The emulator's own interface, beside the API and behind the same token:
 *
 * - `GET /emulator/health`
 * - `POST /emulator/reset`
 * - `GET` and `PUT /emulator/snapshot`
 * - `GET` and `DELETE /emulator/requests`
 * - `GET`, `POST` and `DELETE /emulator/faults`, `DELETE /emulator/faults/{number}`
 * - `GET /emulator/risk-scores`, `PUT` (`{ riskScore }`) and `DELETE /emulator/risk-scores/{email}`: how risky people are
 * - `GET /emulator/edge/requests` (`?per_hostname=`, 10 by default): the last requests from outside, by hostname
 * - `POST /emulator/edge/around-access` with `{ hostname, path }`: what each connector answers to a request that Access never saw
 * - `GET /emulator/private-connections`: the last connections into private networks
 * - `/emulator/devices`: see {@link mountDeviceControls}
 */
export function mountControls(app: Hono<{ Bindings: RouteBindings }>, controls: Controls): void {
    const { faults, log } = controls;
    const own = new Hono<{ Bindings: RouteBindings }>();
    own.get("/health", () => success({ result: { ok: true, accountId: controls.accountId } }));
    own.post("/reset", () => {
        controls.reset();
        return success({ result: null });
    });
    own.get("/snapshot", () => success({ result: controls.snapshot() }));
    own.put("/snapshot", ({ env }) => {
        try {
            controls.restore(env.body);
        } catch (error) {
            throw error instanceof EmulatorError ? new ApiError(400, { code: 400, message: error.message }) : error;
        }
        return success({ result: null });
    });
    own.get("/requests", () => success({ result: log.all() }));
    own.delete("/requests", () => {
        log.clear();
        return success({ result: null });
    });
    own.get("/faults", () => success({ result: faults.all() }));
    own.post("/faults", ({ env }) => success({ result: { id: faults.add(parse(faultSchema, env.body)) } }));
    own.delete("/faults", () => {
        faults.clear();
        return success({ result: null });
    });
    own.delete("/faults/:number", (context) => {
        const number = parse(z.coerce.number().int(), context.req.param("number"));
        if (!faults.remove(number)) {
            throw new ApiError(404, { code: 404, message: `There is no fault number ${number}.` });
        }
        return success({ result: { id: number } });
    });
    own.get("/risk-scores", () => success({ result: controls.riskScores.all() }));
    own.put("/risk-scores/:email", ({ env, req }) =>
        success({ result: controls.riskScores.put(req.param("email"), env.body) }),
    );
    own.delete("/risk-scores/:email", ({ req }) => {
        controls.riskScores.delete(req.param("email"));
        return success({ result: null });
    });
    own.get("/edge/requests", ({ req }) => {
        const limit = parse(perHostname, req.query("per_hostname"));
        return success({ result: lastByHostname(attachedEdge(controls).requests, limit) });
    });
    own.post("/edge/around-access", async ({ env }) => {
        const edge = attachedEdge(controls);
        try {
            return success({ result: await edge.askAroundAccess(parse(requestAroundAccess, env.body)) });
        } catch (error) {
            throw error instanceof NoTunnelError ? new ApiError(404, { code: 404, message: error.message }) : error;
        }
    });
    own.get("/private-connections", () => {
        if (controls.privateConnections === undefined) {
            throw new ApiError(404, { code: 404, message: "This emulator runs without a way into private networks." });
        }
        return success({ result: controls.privateConnections.all() });
    });
    mountDeviceControls(own, controls);
    app.route("/emulator", own);
}

const requestAroundAccess = z.strictObject({
    hostname: z.hostname("is not a host name").lowercase("is not in lower case"),
    path: z.string().regex(/^\/[!-~]*$/, "is not a path; write / and printable ASCII, for example /admin?x=1"),
});

const perHostname = z.coerce.number().int().min(1).max(1000).default(10);

function attachedEdge({ edge }: Controls): EdgeControls {
    if (edge === undefined) {
        throw new ApiError(404, { code: 404, message: "This emulator runs without an edge." });
    }
    return edge;
}

/** The last events of each hostname, oldest first. */
function lastByHostname(events: readonly PublicRequestEvent[], limit: number): Record<string, PublicRequestEvent[]> {
    const byHostname = Map.groupBy(events, ({ hostname }) => hostname);
    return Object.fromEntries([...byHostname].map(([hostname, own]) => [hostname, own.slice(-limit)]));
}
