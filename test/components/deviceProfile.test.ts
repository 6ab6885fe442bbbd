import { describe, expect, it } from "vitest";
import { DeviceProfile, type DeviceProfileArgs } from "../../components/index.ts";
import { deploy, problemsOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const args: DeviceProfileArgs = { accountId: ACCOUNT, match: 'os.version == "1"', precedence: 100 };

async function inputsWith(changes: Partial<DeviceProfileArgs>) {
    const { inputsOf, error } = await deploy(() => new DeviceProfile("office", { ...args, ...changes }));
    expect(error).toBeUndefined();
    return inputsOf(Token.DeviceProfile, "office-profile");
}

describe("DeviceProfile", () => {
    it("sends the named ranges and hosts to Cloudflare, and nothing else", async () => {
        const include = ["wiki.internal.example", "FD00:20::/48", "10.20.0.0/16"];
        await expect(inputsWith({ include })).resolves.toMatchObject({
            name: "office",
            precedence: 100,
            includes: [{ address: "10.20.0.0/16" }, { address: "fd00:20::/48" }, { host: "wiki.internal.example" }],
        });
    });

    it("keeps people from switching it off or leaving unless they may", async () => {
        expect(await inputsWith({})).toMatchObject({ switchLocked: true, allowedToLeave: false });
        expect(await inputsWith({ mayDisconnect: true, mayLeave: true })).toMatchObject({
            switchLocked: false,
            allowedToLeave: true,
        });
    });

    it("refuses every mistake at once, and registers nothing", async () => {
        const wrong = { accountId: "acme", match: " ", precedence: 0, include: ["10.0.0.1/8"], exclude: [] };
        const { error, resources } = await deploy(() => new DeviceProfile("office", wrong));
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "exclude",
            "include[0]",
            "match",
            "precedence",
        ]);
        expect(resources).toEqual([]);
    });
});
