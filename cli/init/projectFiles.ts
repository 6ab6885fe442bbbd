import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Document, parseDocument } from "yaml";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { type Answers, Ci } from "./answers.ts";
import { forProject } from "./ci.ts";
import { readme } from "./readme.ts";
import { pinnedImages, stackFileText } from "./stackFile.ts";

/** Text of each file of a new project, by its path. */
export type ProjectFiles = ReadonlyMap<string, string>;

/**
 * A new project, in memory. Whatever this repository has as well is taken from there: `Pulumi.local.yaml`, the runtime's options, the images of
 * production, the workflows.
 *
 * @param today when the periods of its secrets begin.
 */
export function projectFiles(answers: Answers, today: Date): ProjectFiles {
    const { environments } = answers;
    const images = pinnedImages(own("Pulumi.prod.yaml"));
    const files = new Map([
        ["Pulumi.yaml", projectFile(answers)],
        [`Pulumi.${LOCAL_STACK}.yaml`, own(`Pulumi.${LOCAL_STACK}.yaml`)],
        ...environments.map(
            (environment) =>
                [`Pulumi.${environment}.yaml`, stackFileText(answers, environment, images, today)] as const,
        ),
        ...environments.map((environment) => [`policy.${environment}.json`, policyFile(answers)] as const),
        ["index.ts", PROGRAM],
        ["package.json", packageFile(answers)],
        ["tsconfig.json", compilerFile()],
        [".gitignore", IGNORED],
        ["README.md", readme(answers)],
        ...workflows(answers),
    ]);
    check(files);
    return files;
}

/** A file of this repository, which its package has at the same place. */
export function own(path: string): string {
    return readFileSync(join(import.meta.dirname, "..", "..", path), "utf8");
}

const PROGRAM = `// What \`pulumi up\` deploys: whatever the stack file declares. Resources and components of your own go here, beside it.
export { default } from "sallyport/stacks";
`;

const IGNORED = ["node_modules/", ".sallyport/", "*.log", ".DS_Store", ""].join("\n");

/** How the program runs, as in this repository's own `Pulumi.yaml`, which says why. */
export const RUNTIME = {
    name: "nodejs",
    options: {
        typescript: false,
        packagemanager: "npm",
        nodeargs: "--min-semi-space-size=8 --max-semi-space-size=8",
    },
};

function projectFile({ name }: Answers): string {
    const description = "Infrastructure that only dials out";
    return new Document({ name, description, runtime: RUNTIME, main: "index.ts" }).toString({ lineWidth: 0 });
}

/** Records name their zone by id: plain \`pulumi\` has to be told what the command line tells the pack by itself. */
function policyFile({ zone, environments }: Answers): string {
    return json({
        "hostname-is-covered-by-universal-ssl": { zones: [zone] },
        "image-has-digest": { stacks: [environments.at(-1)] },
    });
}

/** Below the version that Pulumi's SDK can no longer take (its peer dependency), and the one that this repository is checked with. */
export const TYPESCRIPT = "~6.0.3";

interface Manifest {
    version: string;
    engines: { node: string };
    dependencies: { pulumi: string };
}

/** Engine and SDK belong together: both have the version that this package was tried with. */
function packageFile({ name }: Answers): string {
    const { version, engines, dependencies } = JSON.parse(own("package.json")) as Manifest;
    const { pulumi } = dependencies;
    const node = `^${/\d+/.exec(engines.node)?.[0]}`;
    return json({
        name,
        private: true,
        type: "module",
        engines,
        scripts: { local: `sallyport ${LOCAL_STACK}`, types: "tsc" },
        dependencies: {
            "@pulumi/pulumi": pulumi,
            "@sallyport/policy": version,
            pulumi,
            sallyport: version,
        },
        devDependencies: { "@types/node": node, node, typescript: TYPESCRIPT },
    });
}

function compilerFile(): string {
    const compilerOptions = {
        target: "es2024",
        module: "nodenext",
        types: ["node"],
        strict: true,
        noUncheckedIndexedAccess: true,
        verbatimModuleSyntax: true,
        // What Node.js strips is all the TypeScript that there may be: https://nodejs.org/api/typescript.html#type-stripping
        erasableSyntaxOnly: true,
        allowImportingTsExtensions: true,
        noEmit: true,
        skipLibCheck: true,
    };
    return json({ compilerOptions, include: ["*.ts"] });
}

function workflows({ ci, environments }: Answers): [string, string][] {
    switch (ci) {
        case Ci.GitHub:
            return WORKFLOWS.map((path) => [path, forProject(own(path), environments)]);
        case Ci.GitLab:
            return [[".gitlab-ci.yml", forProject(own("examples/gitlab/.gitlab-ci.yml"), environments)]];
        case Ci.None:
            return [];
    }
}

/** The workflows that a project needs; whatever else this repository has there builds and releases the package itself. */
export const WORKFLOWS = ["comment", "deploy", "deploy-stack", "drift", "policy", "preview", "rotate"].map(
    (name) => `.github/workflows/${name}.yml`,
);

function json(value: unknown): string {
    return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Every stack file against the schema, before anything is written.
 *
 * @throws ConfigError with what does not fit.
 */
function check(files: ProjectFiles): void {
    for (const [file, text] of files) {
        const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1];
        if (stack === undefined) continue;
        const { config } = parseDocument(text).toJS() as { config: Record<string, unknown> };
        const values = Object.fromEntries(
            Object.entries(config).map(([key, value]) => [key.replace("sallyport:", ""), value]),
        );
        parseEnvironment({ stack, file, values, projectDir: ".", readEmulator: false });
    }
}
