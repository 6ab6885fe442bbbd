import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { findTunnelId, TunnelAlert, ZoneOnboarding } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token, TUNNEL, ZONE } from "./fixtures.ts";

describe("TunnelAlert", () => {
    const args = { accountId: ACCOUNT, tunnelIds: [TUNNEL], emails: ["oncall@example.com", "ada@example.com"] };

    it("tells people when a tunnel serves no more, and when it serves again", async () => {
        const { inputsOf } = await deploy(() => new TunnelAlert("alert", args));
        expect(inputsOf(Token.NotificationPolicy, "alert-policy")).toMatchObject({
            alertType: "tunnel_health_event",
            enabled: true,
            mechanisms: { emails: [{ id: "ada@example.com" }, { id: "oncall@example.com" }] },
            filters: {
                tunnelIds: [TUNNEL],
                newStatuses: ["TUNNEL_STATUS_TYPE_DOWN", "TUNNEL_STATUS_TYPE_HEALTHY"],
            },
        });
    });

    it("tells of lost connections too where that is asked for", async () => {
        const { inputsOf } = await deploy(() => new TunnelAlert("alert", { ...args, degraded: true }));
        const { filters } = inputsOf(Token.NotificationPolicy, "alert-policy") as {
            filters: { newStatuses: string[] };
        };
        expect(filters.newStatuses).toContain("TUNNEL_STATUS_TYPE_DEGRADED");
    });

    it("refuses an alert about nothing to nobody", async () => {
        const { error, resources } = await deploy(
            () => new TunnelAlert("alert", { accountId: "acme", tunnelIds: [], emails: [] }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual(["accountId", "emails", "tunnelIds"]);
        expect(resources).toEqual([]);
    });
});

describe("ZoneOnboarding", () => {
    const GET_ZONE = "cloudflare:index/getZone:getZone";
    const zone = {
        name: "example.com",
        status: "active",
        paused: false,
        nameServers: ["ada.ns.example", "bob.ns.example"],
    };

    async function warningsOf(found: Partial<typeof zone>) {
        const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
        const deployment = await deploy(() => new ZoneOnboarding("zone", { zoneId: ZONE }), {
            calls: { [GET_ZONE]: { ...zone, ...found } },
        });
        return { ...deployment, warnings: warn.mock.calls.map(([message]) => message) };
    }

    it("says nothing of a zone that serves its names, and leaves its routing alone", async () => {
        const { warnings, resources, result } = await warningsOf({});
        expect(warnings).toEqual([]);
        expect(resources.filter(({ type }) => type === Token.ArgoSmartRouting)).toEqual([]);
        expect(await promiseOf((result as ZoneOnboarding).nameServers)).toEqual(zone.nameServers);
    });

    it("names the servers that the registrar has to name", async () => {
        const { warnings } = await warningsOf({ status: "pending" });
        expect(warnings).toEqual([
            "Zone example.com is pending, so none of its names is served. Let its registrar name the servers ada.ns.example and bob.ns.example.",
        ]);
    });

    it("warns of a zone that somebody paused", async () => {
        const { warnings } = await warningsOf({ paused: true });
        expect(warnings).toEqual([expect.stringMatching(/is paused.*Resume it/)]);
    });

    it.each([
        [true, "on"],
        [false, "off"],
    ])("sets Argo Smart Routing only where it is told to: %s", async (smartRouting, value) => {
        const { inputsOf } = await deploy(() => new ZoneOnboarding("zone", { zoneId: ZONE, smartRouting }), {
            calls: { [GET_ZONE]: zone },
        });
        expect(inputsOf(Token.ArgoSmartRouting, "zone-smart-routing")).toEqual({ zoneId: ZONE, value });
    });
});

describe("findTunnelId", () => {
    it.each([
        [{ accountId: ACCOUNT }, { name: /is missing/ }],
        [{ accountId: ACCOUNT, name: "a", id: TUNNEL }, { name: /stands beside "id"/ }],
        [
            { accountId: "acme", id: "a" },
            { accountId: /not an account id/, id: /not a tunnel id/ },
        ],
    ])("refuses %j", async (args, expected) => {
        const error = await findTunnelId(args).catch((thrown: unknown) => thrown);
        const problems = problemsOf(error);
        expect(Object.keys(problems)).toEqual(Object.keys(expected));
        for (const [path, reason] of Object.entries(expected)) expect(problems[path]).toMatch(reason);
    });
});
