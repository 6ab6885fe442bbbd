import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose, type Wanted } from "../../cli/rotate/choose.ts";
import { rotationEntries } from "../../cli/rotate/entries.ts";
import { withSchedules } from "../../cli/rotate/writeSchedules.ts";
import { rotatablesOf } from "../../stacks/rotation/rotatable.ts";
import { generationsOf, standingAt } from "../../stacks/rotation/standing.ts";
import { environmentOf, STACK_FILE, stackResource } from "./support/stack.ts";

/** A repository and what is deployed from it. */
interface World {
    readonly file: string;
    /** By name, the version of each secret that is really there. */
    readonly there: Readonly<Record<string, string>>;
    /** What the stack tells of it: written last of all. */
    readonly told: Readonly<Record<string, string>>;
}

const DEPLOYED = new Date("2026-03-20T12:00:00Z");

function worldOf(file: string): World {
    const generations = generationsOf(environmentOf(file), DEPLOYED);
    return { file, there: generations, told: generations };
}

/** What `sallyport rotate` does, step by step: the moments at which it can be killed lie between them. */
function* steps(world: World, wanted: Wanted, now: Date): Generator<World> {
    const environment = environmentOf(world.file);
    const entries = rotationEntries(environment, [stackResource(world.told)], now);
    const { due, early } = choose(environment, entries, wanted, now);
    if (due.length + early.length === 0) return;
    const schedules = early.map(({ rotatable: { place }, schedule }) => ({ place, schedule }));
    const after = { ...world, file: withSchedules(world.file, schedules, "Pulumi.staging.yaml") };
    yield after;
    yield* deployment(after, now);
}

/** An update, by whoever makes it: one secret after the other, then what the stack tells. */
function* deployment(world: World, now: Date): Generator<World> {
    let after = world;
    const environment = environmentOf(world.file);
    for (const { name, declared } of rotatablesOf(environment)) {
        after = { ...after, there: { ...after.there, [name]: standingAt(declared, now).generation } };
        yield after;
    }
    yield { ...after, told: generationsOf(environment, now) };
}

/** The world after so many steps; after all of them if omitted. */
function worldAfter(world: World, run: Generator<World>, limit = Number.POSITIVE_INFINITY): World {
    let [last, count] = [world, 0];
    for (const next of run) {
        if (count === limit) break;
        last = next;
        count += 1;
    }
    return last;
}

const minutesLater = (count: number) => new Date(DEPLOYED.getTime() + count * 60_000);
const names = rotatablesOf(environmentOf(STACK_FILE)).map(({ name }) => name);

const files = fc.constantFrom(
    STACK_FILE,
    STACK_FILE.replace(
        "config:\n",
        'config:\n  sallyport:rotation: { since: "2026-03-10", every: 480h, overlap: 24h }\n',
    ),
    // Due already, when the rotation begins.
    STACK_FILE.replace(
        "config:\n",
        'config:\n  sallyport:tunnel: { rotation: { since: "2026-02-18T12:01:00Z", every: 720h } }\n',
    ),
);
const wishes = fc.record({
    only: fc.subarray([...names, "service-token"]),
    due: fc.boolean(),
    force: fc.constant(false),
});

describe("a rotation that is killed at any moment", () => {
    it("is ended by the next run, by nobody else's interference, as if it had never been interrupted", () => {
        fc.assert(
            fc.property(files, wishes, fc.nat(8), fc.integer({ min: 2, max: 60 }), (file, wanted, limit, pause) => {
                const before = worldOf(file);
                const [first, second] = [minutesLater(1), minutesLater(1 + pause)];
                const whole = worldAfter(before, steps(before, wanted, first));
                const killed = worldAfter(before, steps(before, wanted, first), limit);
                const resumed = worldAfter(killed, steps(killed, wanted, second));
                expect(resumed.told).toEqual(whole.told);
                expect(resumed.there).toEqual(whole.there);
                expect(resumed.there).toEqual(resumed.told);
            }),
            { numRuns: 300 },
        );
    });

    it("is ended as well by a rotation of what is due, or by any deployment", () => {
        fc.assert(
            fc.property(
                files,
                wishes,
                fc.integer({ min: 1, max: 8 }),
                fc.boolean(),
                (file, wanted, limit, byDeploying) => {
                    const before = worldOf(file);
                    const first = minutesLater(1);
                    const whole = worldAfter(before, steps(before, wanted, first));
                    const killed = worldAfter(before, steps(before, wanted, first), limit);
                    const onlyDue = { only: [], due: true, force: false };
                    const last = byDeploying
                        ? deployment(killed, minutesLater(5))
                        : steps(killed, onlyDue, minutesLater(5));
                    const { there, told } = worldAfter(killed, last);
                    expect(told).toEqual(there);
                    const begun = Object.entries(whole.told).filter(([name, one]) => one !== before.told[name]);
                    for (const [name, generation] of begun) expect(told[name]).toBe(generation);
                },
            ),
        );
    });

    it("would be begun twice if what is deployed were told before it is", () => {
        const before = worldOf(STACK_FILE);
        const wanted = { only: ["tunnel"], due: false, force: true };
        const whole = worldAfter(before, steps(before, wanted, minutesLater(1)));
        const again = worldAfter(whole, steps(whole, wanted, minutesLater(2)));
        expect([whole.told.tunnel, again.told.tunnel]).toEqual(["2", "3"]);
    });
});

describe("a root that is rotated", () => {
    it("makes way in three deployments of what is due, each a month after the other", () => {
        const day = (count: number) => new Date(DEPLOYED.getTime() + count * 86_400_000);
        let world = worldOf(STACK_FILE);
        const seen: (string | undefined)[] = [];
        const rotateAt = (when: Date, wanted: Wanted) => {
            world = worldAfter(world, steps(world, wanted, when));
            seen.push(world.there.authority);
        };
        const due = { only: ["authority"], due: true, force: false };
        rotateAt(day(1), { only: ["authority"], due: false, force: false });
        for (const later of [2, 30, 32, 60, 62, 400]) rotateAt(day(later), due);
        expect(seen).toEqual(["1+2", "1+2", "1+2", "2+1", "2+1", "2", "2"]);
    });

    it("is not begun again while two are trusted", () => {
        const before = worldOf(STACK_FILE);
        const wanted = { only: ["authority"], due: false, force: false };
        const begun = worldAfter(before, steps(before, wanted, minutesLater(1)));
        expect(worldAfter(begun, steps(begun, wanted, minutesLater(50 * 1440))).file).toBe(begun.file);
    });
});
