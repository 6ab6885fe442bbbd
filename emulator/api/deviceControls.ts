import type { Hono } from "hono";
import type { Device } from "../privateNetworkDirectory.ts";
import { ApiError } from "./http/apiError.ts";
import { success } from "./http/envelope.ts";
import type { RouteBindings } from "./http/gateway.ts";
import { invalidRequest, mistakeAt, parse } from "./http/validation.ts";
import {
    type DeviceRow,
    deviceChange,
    deviceRegistration,
    devices,
    newDeviceSecret,
} from "./products/devices/device.ts";
import { postureRules } from "./products/devices/postureRules.ts";
import { virtualNetworks } from "./products/networks/tables.ts";
import type { Store } from "./store/store.ts";

/**
 * The devices of private networks, on the emulator's own interface:
 *
 * - `POST /devices`: registers one, and answers with its secret, which is told only then
 * - `GET /devices`, `GET` and `DELETE /devices/{name}`
 * - `PATCH /devices/{name}`: groups, country, address, passed posture rules, virtual network
 */
export function mountDeviceControls(
    own: Hono<{ Bindings: RouteBindings }>,
    { store, accountId }: { readonly store: Store; readonly accountId: string },
): void {
    const table = () => store.table(accountId, devices);
    const find = (name: string): DeviceRow => {
        const row = table().get(name);
        if (row === undefined) {
            throw new ApiError(404, { code: 404, message: `There is no device "${name}".` });
        }
        return row;
    };
    own.post("/devices", ({ env }) => {
        const given = parse(deviceRegistration, env.body);
        checkReferences(given);
        if (table().get(given.name) !== undefined) {
            throw new ApiError(409, { code: 409, message: `There is a device "${given.name}" already.` });
        }
        const { secret, digest } = newDeviceSecret();
        const row = table().put({ ...given, id: given.name, secret_digest: digest });
        return success({ result: { ...shown(row), secret } });
    });
    own.get("/devices", () => success({ result: table().all().map(shown) }));
    own.get("/devices/:name", ({ req }) => success({ result: shown(find(req.param("name"))) }));
    own.patch("/devices/:name", ({ env, req }) => {
        const change = parse(deviceChange, env.body);
        checkReferences(change);
        return success({ result: shown(table().put({ ...find(req.param("name")), ...change })) });
    });
    own.delete("/devices/:name", ({ req }) => {
        const { name } = find(req.param("name"));
        table().delete(name);
        return success({ result: { name } });
    });

    function checkReferences({ passed = [], virtual_network_id: network }: Partial<Device>): void {
        const mistakes = passed.flatMap((id, index) =>
            store.table(accountId, postureRules).get(id) === undefined
                ? [mistakeAt(["passed", index], "is not the id of a posture rule in this account")]
                : [],
        );
        if (network !== undefined && store.table(accountId, virtualNetworks).get(network) === undefined) {
            mistakes.push(mistakeAt(["virtual_network_id"], "is not the id of a virtual network in this account"));
        }
        if (mistakes.length > 0) {
            throw invalidRequest(mistakes);
        }
    }
}

function shown({ id: _, secret_digest: __, ...device }: DeviceRow): Device {
    return device;
}
