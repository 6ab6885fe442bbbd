import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServiceToken, type ServiceTokenArgs } from "../../components/index.ts";
import { rotationAt, rotationProblems } from "../../components/validation/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const monthly = { since: "2027-01-01", every: "720h", overlap: "48h" };

describe("a rotation schedule", () => {
    it.each([
        ["before its start", "2026-12-31T23:59:59Z", 1, undefined, undefined, "2027-01-31T00:00:00Z"],
        ["in the first period", "2027-01-30T23:59:59Z", 1, "2027-01-01T00:00:00Z", undefined, "2027-01-31T00:00:00Z"],
        [
            "at the first boundary",
            "2027-01-31T00:00:00Z",
            2,
            "2027-01-31T00:00:00Z",
            "2027-02-02T00:00:00Z",
            "2027-03-02T00:00:00Z",
        ],
        [
            "at the end of that period",
            "2027-03-01T23:59:59Z",
            2,
            "2027-01-31T00:00:00Z",
            "2027-02-02T00:00:00Z",
            "2027-03-02T00:00:00Z",
        ],
        [
            "after a year",
            "2028-01-01T00:00:00Z",
            13,
            "2027-12-27T00:00:00Z",
            "2027-12-29T00:00:00Z",
            "2028-01-26T00:00:00Z",
        ],
    ])("%s", (_, now, version, since, previousExpiresAt, nextAt) => {
        expect(rotationAt(monthly, new Date(now))).toEqual({ version, since, previousExpiresAt, nextAt });
    });

    it("overlaps for a week unless told otherwise, and never for longer than a period", () => {
        const now = new Date("2027-02-01T00:00:00Z");
        const { overlap: _, ...schedule } = monthly;
        expect(rotationAt(schedule, now).previousExpiresAt).toBe("2027-02-07T00:00:00Z");
        expect(rotationAt({ ...schedule, every: "24h" }, now).previousExpiresAt).toBe("2027-02-02T00:00:00Z");
    });

    it("goes on from the version that there is when it is changed", () => {
        const changed = { since: "2027-06-01", every: "168h", firstVersion: 7 };
        expect(rotationAt(changed, new Date("2027-06-01T00:00:00Z"))).toMatchObject({
            version: 7,
            previousExpiresAt: "2027-06-08T00:00:00Z",
        });
        expect(rotationAt(changed, new Date("2027-06-08T00:00:00Z")).version).toBe(8);
    });

    it.each<[string, Parameters<typeof rotationProblems>[0], string[]]>([
        ["a day that is not there", { since: "2027-02-30", every: "720h" }, ["since"]],
        ["a local time", { since: "2027-01-01T00:00:00+02:00", every: "720h" }, ["since"]],
        [
            "periods in words, and too short",
            { since: "2027-01-01", every: "1 month", overlap: "x" },
            ["every", "overlap"],
        ],
        ["less than an hour", { since: "2027-01-01", every: "30m" }, ["every"]],
        ["an overlap beyond the period", { since: "2027-01-01", every: "24h", overlap: "25h" }, ["overlap"]],
        ["an overlap beyond Cloudflare's bound", { since: "2027-01-01", every: "2160h", overlap: "721h" }, ["overlap"]],
        ["half a version", { since: "2027-01-01", every: "720h", firstVersion: 1.5 }, ["firstVersion"]],
    ])("is refused with %s", (_, schedule, paths) => {
        expect(rotationProblems(schedule).map(({ path }) => path)).toEqual(paths);
    });
});

describe("ServiceToken", () => {
    beforeEach(() => {
        vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-15T00:00:00Z") });
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    async function made(args: Partial<ServiceTokenArgs>) {
        const deployment = await deploy(() => new ServiceToken("ci", { accountId: ACCOUNT, ...args }));
        expect(deployment.error).toBeUndefined();
        return {
            inputs: deployment.inputsOf(Token.ServiceToken, "ci-token"),
            token: deployment.result as ServiceToken,
        };
    }

    it("asks for the same version all through a period, and for the next one after it", async () => {
        const first = await made({ rotation: monthly });
        expect(first.inputs).toMatchObject({ clientSecretVersion: 1 });
        expect(first.inputs).not.toHaveProperty("previousClientSecretExpiresAt");
        vi.setSystemTime(new Date("2027-01-31T10:00:00Z"));
        const second = await made({ rotation: monthly });
        expect(second.inputs).toMatchObject({
            clientSecretVersion: 2,
            previousClientSecretExpiresAt: "2027-02-02T00:00:00Z",
        });
        vi.setSystemTime(new Date("2027-02-20T10:00:00Z"));
        expect((await made({ rotation: monthly })).inputs).toEqual(second.inputs);
    });

    it("tells its version, its end and when the next secret is due", async () => {
        const { token } = await made({ rotation: monthly });
        expect(await promiseOf(token.secretVersion)).toBe(1);
        expect(await promiseOf(token.rotatesAt)).toBe("2027-01-31T00:00:00Z");
        expect(await promiseOf(token.expiresAt)).toBe("2027-11-22T12:00:00Z");
    });

    it("is rotated by hand where the program says the version", async () => {
        const { inputs, token } = await made({ secretVersion: 3, previousSecretExpiresAt: "2027-01-16T00:00:00Z" });
        expect(inputs).toMatchObject({
            clientSecretVersion: 3,
            previousClientSecretExpiresAt: "2027-01-16T00:00:00Z",
        });
        expect(await promiseOf(token.rotatesAt)).toBe("");
    });

    it("refuses a schedule beside a version, and each mistake by its path", async () => {
        const { error, resources } = await deploy(
            () =>
                new ServiceToken("ci", {
                    accountId: ACCOUNT,
                    rotation: { since: "soon", every: "720h" },
                    secretVersion: 0,
                    previousSecretExpiresAt: "2027-01-16T00:00:00Z",
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "previousSecretExpiresAt",
            "rotation.since",
            "secretVersion",
        ]);
        expect(resources).toEqual([]);
    });
});
