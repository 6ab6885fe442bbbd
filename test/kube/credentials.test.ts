import { beforeEach, describe, expect, it, vi } from "vitest";
import { adapterFor } from "../../cli/kube/discovery/adapters.ts";
import { discover } from "../../cli/kube/discovery/discover.ts";
import { clusterSource } from "../../stacks/config/clusterSources.ts";

beforeEach(() => {
    vi.stubEnv("HOME", "/nonexistent");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("METADATA_SERVER_DETECTION", "none");
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_CLIENT_ID"]) {
        vi.stubEnv(name, undefined);
    }
});

describe("a cloud without credentials on this machine", () => {
    it.each([
        ["eks", { region: "eu-west-1" }, "aws sso login"],
        ["gke", { project: "platform-4711" }, "gcloud auth application-default login"],
        ["aks", { subscription: "00000000-0000-4000-8000-000000000000" }, "az login"],
    ])("is told of with what to do, and ends nothing: %s", async (kind, place, command) => {
        const source = clusterSource.parse({ kind, zone: "example.com", ...place });
        const answers = await discover([adapterFor(source)], { limitMs: 10_000 });
        expect(answers).toMatchObject([{ answered: false, problems: [`no credentials; run: ${command}`] }]);
    });
});
