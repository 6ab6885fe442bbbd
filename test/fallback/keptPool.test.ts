/** What is costly to start is kept, and not for ever. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Kept, Pool } from "../../toolchain/fallback/kept/pool.ts";

class Member implements Kept {
    readonly kind: string;
    isUsable = true;
    hasEnded = false;

    constructor(kind: string) {
        this.kind = kind;
    }

    end(): void {
        this.hasEnded = true;
    }
}

let started: Member[];
let pool: Pool<Member>;
const taken = (kind: string) => pool.use(kind, async (member) => member);

beforeEach(() => {
    vi.useFakeTimers();
    started = [];
    pool = new Pool((kind) => {
        const member = new Member(kind);
        started.push(member);
        return member;
    });
});

afterEach(() => {
    pool.end();
    vi.useRealTimers();
});

it("gives what somebody had before to the next who needs that kind, and to nobody else meanwhile", async () => {
    await pool.use("program", async (first) => {
        const second = await taken("program");
        expect(second).not.toBe(first);
        expect(await taken("program")).toBe(second);
        expect((await taken("pack")).kind).toBe("pack");
    });
    expect(started).toHaveLength(3);
});

it("ends what can serve nobody any more, also where its user failed or it went by itself", async () => {
    const failing = pool.use("program", async (member) => {
        member.isUsable = false;
        throw new Error("broken");
    });
    await expect(failing).rejects.toThrow("broken");
    expect(started.map(({ hasEnded }) => hasEnded)).toEqual([true]);
    const second = await taken("program");
    second.isUsable = false;
    expect(await taken("program")).not.toBe(second);
});

it("keeps one of each kind when it has been quiet for a minute", async () => {
    const both = pool.use("program", () => taken("program"));
    await Promise.all([both, taken("pack")]);
    await vi.advanceTimersByTimeAsync(50_000);
    await taken("program");
    await vi.advanceTimersByTimeAsync(50_000);
    expect(started.filter(({ hasEnded }) => hasEnded)).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(started.filter(({ hasEnded }) => hasEnded).map(({ kind }) => kind)).toEqual(["program"]);
    // And again after the next burst.
    await pool.use("program", () => taken("program"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started.filter(({ kind, hasEnded }) => kind === "program" && !hasEnded)).toHaveLength(1);
});

it("ends all at its own end, whoever has them", async () => {
    const idle = await taken("program");
    await pool.use("pack", async (member) => {
        pool.end();
        expect([idle.hasEnded, member.hasEnded]).toEqual([true, true]);
    });
});
