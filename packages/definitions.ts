/** What is published: three npm packages out of one source tree. */
import { WORKFLOWS } from "../cli/init/projectFiles.ts";

export const PackageName = {
    Sallyport: "sallyport",
    Policy: "@sallyport/policy",
    Emulator: "@sallyport/emulator",
} as const;
export type PackageName = (typeof PackageName)[keyof typeof PackageName];

/** One npm package. Paths of the repository are relative to its root, with `/`. */
export interface PackageDefinition {
    readonly name: PackageName;
    /** Folder below `dist/packages`. */
    readonly folder: string;
    readonly description: string;
    readonly keywords: readonly string[];
    /** Folders of the repository that it is made of. The only one of a package becomes its root; several keep their names. */
    readonly sources: readonly string[];
    /** Files and folders below those that it does without: what only tests and the making of other files need. */
    readonly leftOut: readonly string[];
    /** Single files and folders from elsewhere in the repository, by their place in the package. */
    readonly added: Readonly<Record<string, string>>;
    /** What programs may import, with its types: module of the repository by subpath of the package. */
    readonly modules: Readonly<Record<string, string>>;
    /** Files that programs may ask for: place in the package by subpath. */
    readonly files: Readonly<Record<string, string>>;
    /** Commands, by name: program of the repository. */
    readonly commands: Readonly<Record<string, string>>;
    /** What Node.js takes for the package's folder: Pulumi loads policy packs and component packages so. */
    readonly main: string;
    /** Modules that do something by being imported; bundlers may leave out any other. */
    readonly effects: readonly string[];
    /** Packages that a program has to have once, whatever else uses them. Those of the same minor version as here are taken for fitting. */
    readonly shared: readonly string[];
    /** Packages that no module imports and that are needed all the same, by what for. */
    readonly besides: Readonly<Record<string, string>>;
    /** Packages that are asked for and need not be there. */
    readonly optional: readonly string[];
}

/** The one copy of Pulumi's SDK that a program, its components and its policy packs have in common. It goes with the engine of its version. */
const PULUMI = ["@pulumi/pulumi"];

const MANIFEST = { "./package.json": "package.json" };

/** For Sallyport's own packages alone, which are released together: any module, without a promise. */
const INTERNAL = { "./internal/*": "*" };

/** Files and folders that have the same place in a package as in the repository. */
function inPlace(...paths: string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(paths.map((path) => [path, path]));
}

export const PACKAGES: readonly PackageDefinition[] = [
    {
        name: PackageName.Policy,
        folder: "policy",
        description:
            "Pulumi policy pack: nothing listens for inbound traffic, and nothing is public without Cloudflare Access.",
        keywords: ["pulumi", "policy-as-code", "crossguard", "cloudflare", "zero-trust"],
        sources: ["policy"],
        leftOut: [],
        added: { "docs/policy-rules.md": "docs/policy-rules.md" },
        modules: { "./rules": "policy/rules/index.ts" },
        files: { ...MANIFEST, ...INTERNAL, "./configuration.schema.json": "configuration.schema.json" },
        commands: {},
        main: "policy/main.js",
        effects: ["policy/main.js", "policy/index.ts"],
        shared: PULUMI,
        besides: { "@pulumi/pulumi": "runs the pack" },
        optional: [],
    },
    {
        name: PackageName.Emulator,
        folder: "emulator",
        description: "A local Cloudflare: the API, Access, and the edge that an unmodified cloudflared dials.",
        keywords: ["cloudflare", "emulator", "cloudflared", "tunnel", "zero-trust", "testing"],
        sources: ["emulator"],
        leftOut: [],
        added: {},
        modules: { ".": "emulator/index.ts", "./edge": "emulator/edge/index.ts" },
        files: { ...MANIFEST, ...INTERNAL },
        commands: {},
        main: "emulator/index.ts",
        effects: [],
        shared: [],
        besides: {},
        optional: [],
    },
    {
        name: PackageName.Sallyport,
        folder: "sallyport",
        description:
            "Infrastructure that only dials out: Cloudflare Tunnel and Access before every service, as Pulumi components and ready stacks, with a command line.",
        keywords: ["pulumi", "cloudflare", "zero-trust", "cloudflared", "tunnel", "docker-swarm", "traefik"],
        sources: ["components", "stacks", "cli", "toolchain"],
        // `components/` is a plugin by itself in the repository; installed, the whole package is.
        leftOut: ["toolchain/builds", "components/package.json", "components/PulumiPlugin.yaml"],
        added: {
            "README.md": "packages/readme/sallyport.md",
            "PulumiPlugin.yaml": "components/PulumiPlugin.yaml",
            // What `sallyport init` makes new projects from; `cli/init/projectFiles.ts` reads it.
            ...inPlace("Pulumi.local.yaml", "Pulumi.prod.yaml", "examples/gitlab/.gitlab-ci.yml", ...WORKFLOWS),
            // What the command line may have to build; the other programs in there are the tests'.
            ...inPlace(
                "toolchain/builds/cloudflared",
                "toolchain/builds/cloudflared-npm",
                "toolchain/builds/pulumi/go.mod",
                "toolchain/builds/pulumi/go.sum",
                "toolchain/builds/pulumi/tools.go",
                "toolchain/builds/pulumi-python",
                "toolchain/builds/whoami/go.mod",
                "toolchain/builds/whoami/main.go",
            ),
        },
        modules: { ".": "components/index.ts", "./stacks": "stacks/index.ts" },
        files: { ...MANIFEST, "./schema.json": "components/schema.json" },
        commands: { sallyport: "cli/bin.js" },
        main: "components/plugin/main.js",
        effects: ["cli/bin.js", "components/plugin/main.js", "stacks/index.ts", "stacks/exposure/index.ts"],
        shared: PULUMI,
        besides: { pulumi: "fetches the engine, and is `npx pulumi`" },
        optional: ["node"],
    },
];
