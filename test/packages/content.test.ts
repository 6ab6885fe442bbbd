import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../packages/build.ts";
import { PACKAGES } from "../../packages/definitions.ts";
import { type Packed, pack } from "../../packages/pack.ts";
import { referencesIn } from "../../packages/references.ts";
import { manifestIn, type StagedProject, stageProject } from "./support/staged.ts";

/** Most that a tarball may have, in KiB; more is a change that somebody should have meant. */
const MOST_KIB = { "@sallyport/policy": 120, "@sallyport/emulator": 280, sallyport: 850 } as const;

/** Compiling all of it takes some seconds of processor time, on a busy machine minutes: five in milliseconds. */
const STAGED_WITHIN_MS = 300_000;

let project: StagedProject;
const packed = new Map<string, Packed>();
beforeAll(async () => {
    project = stageProject();
    for (const staged of project.packages) {
        packed.set(staged.definition.name, await pack(staged, project.folder, true));
    }
}, STAGED_WITHIN_MS);
afterAll(() => project[Symbol.dispose]());

function stagedOf(name: string) {
    const staged = project.packages.find(({ definition }) => definition.name === name);
    const listed = packed.get(name);
    if (staged === undefined || listed === undefined) throw new Error(`${name} is not staged`);
    return { ...staged, ...listed, manifest: manifestIn(staged.folder) };
}

/** The files that npm packs, in as many lines as there are folders and kinds of modules; every other file by its name. */
function outline(files: Packed["files"]): string {
    const lines = files.map(({ path }) => {
        const kind = /(\.d\.ts|\.js)$/.exec(path)?.[1];
        return kind === undefined || extname(path) === "" ? path : join(dirname(path), `*${kind}`);
    });
    return `${[...new Set(lines)].toSorted().join("\n")}\n`;
}

describe.each(PACKAGES.map(({ name, folder }) => ({ name, folder })))("the package $name", ({ name, folder }) => {
    it("has the files that its list names, and is no larger than it should be", async () => {
        const { files, size } = stagedOf(name);
        await expect(outline(files)).toMatchFileSnapshot(join(ROOT, "packages", "contents", `${folder}.txt`));
        expect(files.filter(({ path }) => /(^|\/)(test|bench|node_modules)\/|\.test\./.test(path))).toEqual([]);
        expect(size / 1024).toBeLessThan(MOST_KIB[name]);
        expect(size / 1024).toBeGreaterThan(MOST_KIB[name] / 2);
    });

    it("depends on every package that it imports, and on none that it does not", async () => {
        const { folder: staged, files, definition, manifest } = stagedOf(name);
        // esbuild resolves what Node.js would: a path that leads nowhere fails here.
        const { metafile } = await build({
            entryPoints: files.map(({ path }) => path).filter((path) => path.endsWith(".js")),
            absWorkingDir: staged,
            outdir: "unwritten",
            bundle: true,
            splitting: true,
            write: false,
            metafile: true,
            platform: "node",
            format: "esm",
            packages: "external",
            logLevel: "silent",
        });
        const imported = Object.values(metafile.inputs)
            .flatMap(({ imports }) => imports.filter(({ external }) => external))
            .flatMap(({ path }) => (/^(node:|\.)/.test(path) ? [] : (/^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])));
        const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
        const excused = new Set([...Object.keys(definition.besides), ...definition.optional]);
        expect(imported.filter((one) => !declared.includes(one) && !excused.has(one))).toEqual([]);
        expect(imported.length).toBeGreaterThan(0);
        const texts = files.map(({ path }) => (/\.[jt]s$/.test(path) ? readFileSync(join(staged, path), "utf8") : ""));
        const isNamed = (one: string) => texts.some((text) => text.includes(`"${one}"`) || text.includes(`"${one}/`));
        expect(declared.filter((one) => !isNamed(one) && !excused.has(one))).toEqual([]);
    });

    it("has every program and file of its own that its modules look for by a path", () => {
        const { folder: staged, files } = stagedOf(name);
        const own = files.filter(({ path }) => path.endsWith(".js"));
        const wanted = own.flatMap(({ path }) =>
            referencesIn(path, readFileSync(join(staged, path), "utf8"))
                .filter(({ specifier, isPartial }) => !isPartial && specifier.startsWith("."))
                .map(({ specifier }) => join(dirname(path), specifier)),
        );
        expect(wanted.filter((path) => !existsSync(join(staged, path)))).toEqual([]);
        expect(wanted.length).toBeGreaterThan(own.length);
    });

    it("has no path of the machine that it was made on", () => {
        const { folder: staged, files } = stagedOf(name);
        const texts = files.map(({ path }) => [path, readFileSync(join(staged, path), "utf8")] as const);
        expect(texts.filter(([, text]) => text.includes(ROOT) || text.includes(project.folder))).toEqual([]);
    });

    it("has a page whose links lead somewhere", () => {
        const { folder: staged } = stagedOf(name);
        const page = readFileSync(join(staged, "README.md"), "utf8");
        const links = [...page.matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)].map(([, link = ""]) => link);
        expect(links.filter((link) => !existsSync(join(staged, link)))).toEqual([]);
        expect(page).toMatch(/^# /);
    });
});

describe("what can be imported", () => {
    const modules = PACKAGES.flatMap(({ name, modules: own }) =>
        Object.keys(own).map((subpath) => `${name}${subpath.slice(1)}`),
    );
    const resolutions = {
        nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
        bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    };

    it.each(Object.entries(resolutions))("has types, as TypeScript resolves with `%s`", (_, options) => {
        const from = join(project.folder, "index.ts");
        const found = modules.map((module) => [
            module,
            ts.resolveModuleName(module, from, options, ts.sys).resolvedModule?.extension,
        ]);
        expect(found).toEqual(modules.map((module) => [module, ".d.ts"]));
    });

    it(
        "has types that hold together with what the packages depend on",
        () => {
            const text = modules.map((module, at) => `import * as m${at} from "${module}";\nvoid m${at};`).join("\n");
            const from = join(project.folder, "index.mts");
            const options: ts.CompilerOptions = {
                ...resolutions.nodenext,
                target: ts.ScriptTarget.ESNext,
                strict: true,
                noEmit: true,
                types: [],
            };
            const host = ts.createCompilerHost(options);
            const readFile = host.readFile.bind(host);
            host.readFile = (file) => (file === from ? text : readFile(file));
            host.fileExists = (file) => file === from || ts.sys.fileExists(file);
            const program = ts.createProgram([from], options, host);
            const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(project.folder));
            const problems = ours.flatMap((file) => [
                ...program.getSyntacticDiagnostics(file),
                ...program.getSemanticDiagnostics(file),
            ]);
            expect(
                problems.map(({ file, messageText }) => [
                    relative(project.folder, file?.fileName ?? ""),
                    ts.flattenDiagnosticMessageText(messageText, " "),
                ]),
            ).toEqual([]);
            expect(ours.length).toBeGreaterThan(100);
        },
        STAGED_WITHIN_MS,
    );
});

it("is listed for packages that there are", () => {
    const lists = readdirSync(join(ROOT, "packages", "contents"));
    expect(lists.toSorted()).toEqual(PACKAGES.map(({ folder }) => `${folder}.txt`).toSorted());
});
