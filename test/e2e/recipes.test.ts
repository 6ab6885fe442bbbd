import { copyFileSync, globSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";

/** Who reaches what by the stack file of each recipe: nobody else, and nothing else. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
    shop: [
        "ada@example.com → bastion-shop.example.com (ssh://bastion)",
        "ada@example.com → orders-db-shop.example.com (tcp://postgres:5432)",
        "ada@example.com → registry-shop.example.com (http://registry:5000)",
        "grace@example.com → bastion-shop.example.com (ssh://bastion)",
        "grace@example.com → orders-db-shop.example.com (tcp://postgres:5432)",
        "grace@example.com → registry-shop.example.com (http://registry:5000)",
        "people of @example.com → grafana-shop.example.com (http://grafana:3000)",
        "service token shop-ci → orders-db-shop.example.com (tcp://postgres:5432)",
        "service token shop-ci → registry-shop.example.com (http://registry:5000)",
    ],
    office: [
        "ada@example.com → 10.20.0.0/16",
        "ada@example.com → fd00:20::/48",
        "people of @example.com → 10.20.1.0/24 port 443",
    ],
    clusters: [
        "ada@example.com → payments-eu.example.com (tcp://10.0.0.5:6443)",
        "ada@example.com → payments-us.example.com (tcp://10.1.0.5:6443)",
        "grace@example.com → payments-eu.example.com (tcp://10.0.0.5:6443)",
        "grace@example.com → payments-us.example.com (tcp://10.1.0.5:6443)",
    ],
    "site-a": ["service token forge-git → forge-git.a.example.com (http://git.service.consul:3000)"],
    // Its forge uses others; nobody reaches it.
    "site-b": [],
};

describe("a recipe's stack file, put beside Pulumi.yaml as the recipe says", () => {
    let copy: ProjectCopy;
    beforeAll(() => {
        copy = copyProject();
    });
    afterAll(() => copy[Symbol.dispose]());

    it.each(globSync("examples/*/Pulumi.*.yaml"))(
        "%s is previewed without an account, and passes the pack",
        async (file) => {
            const stack = basename(file).split(".")[1] ?? "";
            copyFileSync(file, join(copy.folder, basename(file)));
            const args = ["preview", stack, "--offline", "--format", "json"];
            const { stdout, stderr, exitCode } = await copy.sallyport(args, ["unshare", "-n"]);
            expect(exitCode, String(stderr)).toBe(0);
            const { violations, access } = JSON.parse(String(stdout)) as Plan;
            expect(violations).toEqual([]);
            expect(access.gained.map(({ who, what }) => `${who} → ${what}`).toSorted()).toEqual(REACHED[stack]);
        },
    );
});
