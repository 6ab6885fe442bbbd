import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fleet } from "../../bench/support/scale/fleet.ts";
import { projectDir } from "../../cli/project.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { call } from "../emulator/support.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const PROGRAM = join(projectDir, "bench", "programs", "scale");
const { accounts, stacks } = fleet({ apps: 6, stacks: 2, accounts: 1, seed: 1 });
const [{ id = "", team, zones = [] } = {}] = accounts;

describe("two stacks of one account on one zone", () => {
    let emulator: CloudflareEmulator;
    let red: EngineStack;
    let blue: EngineStack;

    const open = (index: number) => {
        const { name = "", file = "" } = stacks[index] ?? {};
        const env = {
            BENCH_API: emulator.apiBaseUrl,
            BENCH_RUNTIME: "processes",
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
        };
        return openEngineStack(PROGRAM, env, { name, stackFile: file });
    };
    /** Everything that the API has with the mark of a stack in it, whole. */
    const objectsOf = async (stack: string) => {
        const paths = [
            `/zones/${zones[0]?.id}/dns_records?per_page=1000`,
            ...["access/apps", "access/policies", "access/service_tokens", "cfd_tunnel", "teamnet/routes"].map(
                (path) => `/accounts/${id}/${path}?per_page=100&is_deleted=false`,
            ),
        ];
        const lists = await Promise.all(paths.map(async (path) => (await call(emulator, "GET", path)).result));
        return lists.map((list: object[]) => list.filter((one) => JSON.stringify(one).includes(stack)));
    };

    beforeAll(async () => {
        emulator = await CloudflareEmulator.start({ accountId: id, team, zones });
        [red, blue] = await Promise.all([open(0), open(1)]);
    });
    afterAll(async () => {
        red[Symbol.dispose]();
        blue[Symbol.dispose]();
        await emulator[Symbol.asyncDispose]();
    });

    it("come up side by side, each with objects of its own", async () => {
        await Promise.all([red.stack.up(), blue.stack.up()]);
        for (const stack of ["fleet-01", "fleet-02"]) {
            const counts = (await objectsOf(stack)).map((list) => list.length);
            expect(Math.min(...counts), `${stack}: ${counts}`).toBeGreaterThan(0);
        }
        await blue.stack.preview({ expectNoChanges: true });
    });

    it("cannot take a name from each other, and the one that has it does not notice", async () => {
        const before = await objectsOf("fleet-01");
        const own = /hostname: (\S+-fleet-02\.\S+)/.exec(stacks[1]?.file ?? "")?.[1] ?? "";
        const taken = /hostname: (\S+-fleet-01\.\S+)/.exec(stacks[0]?.file ?? "")?.[1] ?? "";
        const { workspace } = blue.stack;
        const apps = await workspace.getConfig("fleet-02", "sallyport:apps");
        await workspace.setConfig("fleet-02", "sallyport:apps", { value: apps.value.replace(own, taken) });
        await expect(blue.stack.up()).rejects.toThrow("application_already_exists");
        expect(await objectsOf("fleet-01")).toEqual(before);
        await workspace.setConfig("fleet-02", "sallyport:apps", { value: apps.value });
        await blue.stack.up();
    });

    it("do not notice when the other goes", async () => {
        const before = await objectsOf("fleet-02");
        await red.stack.destroy();
        expect((await objectsOf("fleet-01")).flat()).toEqual([]);
        expect(await objectsOf("fleet-02")).toEqual(before);
        await blue.stack.refresh({ expectNoChanges: true });
    });
});
