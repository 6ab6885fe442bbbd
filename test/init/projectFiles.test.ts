import { mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { policyConfigurationOf } from "../../cli/engine/policyConfiguration.ts";
import { type Answers, Login, Platform } from "../../cli/init/answers.ts";
import { secretCommand } from "../../cli/init/loginComment.ts";
import { nextSteps } from "../../cli/init/nextSteps.ts";
import { own, projectFiles, TYPESCRIPT } from "../../cli/init/projectFiles.ts";
import { writeProject } from "../../cli/init/writeProject.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { configSection, readStackFile } from "../../stacks/config/stackFile.ts";
import { realPem } from "../support/pems.ts";
import { ANSWERS, TODAY } from "./support.ts";

const ENVIRONMENTS = [["prod"], ["staging", "prod"], ["dev", "qa", "live"]];

const combinations: Answers[] = Object.values(Login).flatMap((login) =>
    Object.values(Platform).flatMap((platform) =>
        ENVIRONMENTS.map((environments) => ({
            ...ANSWERS,
            login,
            platform,
            environments,
            ...(platform === Platform.Host ? { dockerHost: "ssh://deploy@host.example.com" } : {}),
        })),
    ),
);

function written(answers: Answers) {
    const folder = mkdtempDisposableSync(join(tmpdir(), "sallyport-init-test-"));
    writeProject(folder.path, projectFiles(answers, TODAY));
    return folder;
}

describe("a new project", () => {
    it.each(combinations)(
        "has stack files that hold: login $login, platform $platform, environments $environments",
        (answers) => {
            using folder = written(answers);
            for (const stack of ["local", ...answers.environments]) {
                const { apps } = readStackFile(folder.path, stack, { environment: {}, readEmulator: false });
                expect(apps, stack).toHaveLength(1);
            }
        },
    );

    it("has settings that the policy pack takes, and calls the last environment production", () => {
        using folder = written({ ...ANSWERS, environments: ["qa", "live"] });
        expect(policyConfigurationOf(folder.path, "qa")).toEqual({
            "hostname-is-covered-by-universal-ssl": { zones: ["example.com"] },
            "image-has-digest": { stacks: ["live"] },
        });
        expect(projectFiles(ANSWERS, TODAY).get("policy.prod.json")).toBe(
            projectFiles(ANSWERS, TODAY).get("policy.staging.json"),
        );
    });

    it("lets in whom was answered, and nobody else", () => {
        using folder = written(ANSWERS);
        const { audiences } = readStackFile(folder.path, "staging");
        expect(audiences).toMatchObject([
            { name: "people", emailDomains: ["example.com"], emails: ["grace@partner.example"] },
        ]);
    });

    it("has new secrets on a schedule that begins when the project is made", () => {
        using folder = written(ANSWERS);
        for (const stack of ANSWERS.environments) {
            const { rotation } = readStackFile(folder.path, stack);
            expect(rotation, stack).toMatchObject({ since: "2026-02-03", every: "2160h" });
        }
    });

    it("names the images of production by digest, and only those", () => {
        using folder = written(ANSWERS);
        const prod = readStackFile(folder.path, "prod");
        expect(prod.connector.image).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(prod.proxy.image).toMatch(/@sha256:[0-9a-f]{64}$/);
        expect(readStackFile(folder.path, "staging").proxy.image).toBeUndefined();
    });

    it.each(Object.values(Login).filter((login) => login !== Login.None && login !== Login.OneTimePin))(
        "has a login by %s that holds once the comment signs are gone and its secret is there",
        (login) => {
            const text = projectFiles({ ...ANSWERS, login }, TODAY).get("Pulumi.prod.yaml") ?? "";
            const block = text.slice(text.indexOf("# sallyport:identityProviders")).replaceAll(/^ *# /gm, "  ");
            const config = {
                ...(parse(text) as { config: Record<string, unknown> }).config,
                ...(parse(block.trim().replaceAll(/^ {2}/gm, "")) as object),
            };
            const values = Object.fromEntries(
                Object.entries(config).map(([key, value]) => [key.replace("sallyport:", ""), value]),
            ) as {
                identityProviders: { login: Record<string, unknown> };
            };
            if (login === Login.Saml) values.identityProviders.login.certificates = [realPem("CERTIFICATE", "idp")];
            else values.identityProviders.login.clientSecret = { secure: "v1:abc:def" };
            const { identityProviders } = parseEnvironment({
                stack: "prod",
                file: "Pulumi.prod.yaml",
                values,
                projectDir: ".",
            });
            expect(identityProviders).toMatchObject([{ name: "login", kind: login }]);
        },
    );

    it("asks for a client's secret by a prompt of Pulumi, where there is one", () => {
        const commands = (login: Login) => nextSteps({ ...ANSWERS, login }).map(({ command }) => command);
        expect(commands(Login.GitHub)).toContain(secretCommand("prod"));
        expect(commands(Login.Saml).join("\n")).not.toContain("clientSecret");
        expect(commands(Login.None).join("\n")).not.toContain("clientSecret");
    });

    it("makes a Swarm of one machine where there is none", () => {
        expect(
            nextSteps({ ...ANSWERS, platform: Platform.Host })
                .map(({ command }) => command)
                .join("\n"),
        ).toContain("docker swarm init");
        expect(
            nextSteps(ANSWERS)
                .map(({ command }) => command)
                .join("\n"),
        ).not.toContain("docker swarm init");
    });

    it("is checked with the compiler, and deployed with the engine, that this repository is", () => {
        const { dependencies } = JSON.parse(own("package.json")) as { dependencies: Record<string, string> };
        expect(TYPESCRIPT).toBe(`~${dependencies.typescript}`);
        const made = JSON.parse(projectFiles(ANSWERS, TODAY).get("package.json") ?? "") as {
            dependencies: Record<string, string>;
        };
        expect(made.dependencies["@pulumi/pulumi"]).toBe(dependencies["@pulumi/pulumi"]);
        expect(made.dependencies.pulumi).toBe(dependencies.pulumi);
    });

    it("runs its program as this repository runs its own", () => {
        using folder = written(ANSWERS);
        const { runtime } = parse(own("Pulumi.yaml")) as { runtime: object };
        expect(parse(projectFiles(ANSWERS, TODAY).get("Pulumi.yaml") ?? "")).toMatchObject({
            name: "infra",
            main: "index.ts",
            runtime,
        });
        expect(configSection(folder.path, "Pulumi.local.yaml", "local")).toHaveProperty(["sallyport:demo"], true);
    });
});
