import { defineConfig } from "vitest/config";

/** Tests that need the real engine, Docker or a built tool; they share one Docker engine, so they run one file at a time. */
const heavy = ["test/e2e/**/*.test.ts"];

export default defineConfig({
    test: {
        restoreMocks: true,
        unstubEnvs: true,
        projects: [
            {
                extends: true,
                test: {
                    name: "unit",
                    include: ["test/**/*.test.ts"],
                    exclude: heavy,
                    testTimeout: 15_000,
                },
            },
            {
                extends: true,
                test: {
                    name: "e2e",
                    include: heavy,
                    globalSetup: "test/support/e2eSetup.ts",
                    fileParallelism: false,
                    testTimeout: 300_000,
                    hookTimeout: 900_000,
                },
            },
        ],
    },
});
