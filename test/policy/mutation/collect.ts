import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";

// In the place of vitest, for one process that runs the same tests a thousand times: they are gathered here and not run. What is gathered
// asserts with vitest's own assertions. `register.ts` puts this module where tests import "vitest".

/** A test with the rest of its title, ready to be run any number of times. */
export interface GatheredTest {
    readonly title: string;
    run(): unknown;
}

/** Every test of the files that were imported. */
export const tests: GatheredTest[] = [];

/** Where the pack's tests are, and what they name by a relative path. */
const TESTS = resolve(import.meta.dirname, "..");

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use(({ Assertion }, { flag }) => {
    Assertion.addMethod("toMatchFileSnapshot", function (this: object, path: string) {
        if (flag(this, "object") !== readFileSync(resolve(TESTS, path), "utf8"))
            throw new Error(`not the text of ${path}`);
    });
});

// The asymmetric matchers add themselves to `chai.expect`, as vitest has them on its own.
export const expect = chai.expect;

type Body = (...args: unknown[]) => unknown;

const titles: string[] = [];

export const describe = Object.assign(
    (title: string, body: Body, ...args: unknown[]) => {
        titles.push(title);
        body(...args);
        titles.pop();
    },
    {
        each: (rows: readonly unknown[]) => (title: string, body: Body) =>
            each(rows, (args) => describe(title, body, ...args)),
    },
);

export const it = Object.assign(
    (title: string, body: Body, ...args: unknown[]) => {
        tests.push({ title: [...titles, title].join(" > "), run: () => body(...args) });
    },
    {
        each: (rows: readonly unknown[]) => (title: string, body: Body) =>
            each(rows, (args) => it(title, body, ...args)),
    },
);

/** As vitest does: a row that is a list is a list of arguments. */
function each(rows: readonly unknown[], call: (args: readonly unknown[]) => void): void {
    for (const row of rows) call(Array.isArray(row) ? row : [row]);
}
