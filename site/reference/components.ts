import ts from "typescript";
import { type Declaration, Declarations } from "./declarations.ts";
import { docOf } from "./doc.ts";
import { code, fence, type Page, type PageGroup, paragraphs, table } from "./page.ts";

const INDEX = "components/index.ts";
const FOLDER = "reference/components";

/** What each folder of the library is about, in the order in which people read of it. */
const AREAS: Readonly<Record<string, string>> = {
    tunnel: "Tunnels",
    access: "Access and identity",
    proxy: "Proxy and certificates",
    network: "Private networks",
    swarm: "Labelled services",
    kubernetes: "Kubernetes",
    interconnect: "Interconnection",
};

/** How pages are made of the library's declarations. */
interface Library {
    readonly declarations: Declarations;
    /** Where each exported name is described, as a link from any of these pages. */
    readonly places: ReadonlyMap<string, string>;
    /** URL of the project's files, up to their path; undefined where nobody knows it. */
    readonly source: string | undefined;
}

/**
 * The library's reference: a page for each component with arguments, outputs and examples, and one for everything else that it exports. All of it is
 * read from the sources.
 *
 * @param root the project's folder.
 * @param source URL of the project's files, up to their path; omitted where nobody knows it.
 */
export function componentPages(root: string, source?: string): PageGroup[] {
    const declarations = new Declarations(root);
    const exported = declarations.exportsOf(INDEX);
    const components = exported.filter(isComponent);
    const others = exported.filter(
        ({ name, node }) => !isComponent({ node }) && !components.some((component) => name === `${component.name}Args`),
    );
    const places = new Map([
        ...others.map(({ name }) => [name, `types.md#${name.toLowerCase()}`] as const),
        ...components.flatMap(({ name }) => [
            [name, `${name}.md`] as const,
            [`${name}Args`, `${name}.md#arguments`] as const,
        ]),
    ]);
    const library = { declarations, places, source };
    const areas = Object.entries(AREAS).map(([folder, title]) => ({
        title,
        pages: components
            .filter(({ file }) => file.startsWith(`components/${folder}/`))
            .map((one) => page(one, library)),
    }));
    const index = { path: `${FOLDER}/index`, title: "All components", text: indexText(areas, components, library) };
    const types = { path: `${FOLDER}/types`, title: "Types and functions", text: typesText(others, library) };
    return [{ title: "Components", pages: [index, types] }, ...areas];
}

function isComponent(declaration: Pick<Declaration, "node">): declaration is Declaration<ts.ClassDeclaration> {
    const { node } = declaration;
    return (
        ts.isClassDeclaration(node) && /\bpulumi\.ComponentResource\b/.test(node.heritageClauses?.[0]?.getText() ?? "")
    );
}

function indexText(areas: readonly PageGroup[], components: readonly Declaration[], library: Library): string {
    const nodes = new Map(components.map(({ name, node }) => [name, node]));
    const row = ({ title }: Page) => {
        const node = nodes.get(title);
        const text = node === undefined ? "" : docOf(node, linker(library)).text;
        return [`[\`${title}\`](${title}.md)`, text.split("\n\n", 1)[0] ?? ""];
    };
    return paragraphs(
        "# Components",
        "Each component with its arguments, outputs and examples, read from the sources. What is left out chooses the secure form.",
        ...areas.flatMap(({ title, pages }) => [`## ${title}`, table(["Component", "What it is"], pages.map(row))]),
    );
}

function page(component: Declaration<ts.ClassDeclaration>, library: Library): Page {
    const { name, node, file } = component;
    const { text } = docOf(node, linker(library));
    const args = library.declarations.interface(`${name}Args`, file);
    const made = node.members.find(ts.isConstructorDeclaration);
    const throws = made === undefined ? undefined : docOf(made, linker(library)).throws;
    return {
        path: `${FOLDER}/${name}`,
        title: name,
        text: paragraphs(
            `# ${name}`,
            text,
            "## Arguments",
            args !== undefined && memberTable("Argument", library.declarations.propertiesOf(args), library),
            throws !== undefined && `Throws ${throws}`,
            "## Outputs",
            memberTable("Output", node.members.filter(isOutput), library),
            ...node.members.filter(isMethod).map((method) => methodText(method, library)),
            `Declared in ${place(component, library)}.`,
        ),
    };
}

function isOutput(member: ts.ClassElement): member is ts.PropertyDeclaration {
    return ts.isPropertyDeclaration(member) && isPublic(member);
}

function isMethod(member: ts.ClassElement): member is ts.MethodDeclaration {
    return ts.isMethodDeclaration(member) && isPublic(member);
}

function isPublic(member: ts.PropertyDeclaration | ts.MethodDeclaration): boolean {
    const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.StaticKeyword];
    return !ts.isPrivateIdentifier(member.name) && !member.modifiers?.some(({ kind }) => hidden.includes(kind));
}

function methodText(method: ts.MethodDeclaration, library: Library): string {
    const signature = method.getText().slice(0, (method.body?.getStart() ?? method.getEnd()) - method.getStart());
    return paragraphs(
        `## ${method.name.getText()}()`,
        fence("ts", signature.trim()),
        docOf(method, linker(library)).text,
    );
}

function typesText(others: readonly Declaration[], library: Library): string {
    const sorted = others.toSorted((one, other) => one.name.localeCompare(other.name, "en"));
    return paragraphs(
        "# Types and functions",
        "What the library exports beside its components.",
        ...sorted.map((one) => typeText(one, library)),
    );
}

function typeText(declaration: Declaration, library: Library): string {
    const { name, node } = declaration;
    const { text } = docOf(node, linker(library));
    return paragraphs(`## ${name}`, text, bodyOf(declaration, library), `Declared in ${place(declaration, library)}.`);
}

function bodyOf({ name, node, file, line }: Declaration, library: Library): string {
    if (ts.isInterfaceDeclaration(node)) {
        return memberTable("Property", library.declarations.propertiesOf({ name, node, file, line }), library);
    }
    if (ts.isFunctionDeclaration(node)) {
        const end = node.body?.getStart() ?? node.getEnd();
        return fence(
            "ts",
            node
                .getText()
                .slice(0, end - node.getStart())
                .replace(/^export /, "")
                .trim(),
        );
    }
    const choices = ts.isVariableStatement(node) ? choicesOf(node) : [];
    if (choices.length === 0) return fence("ts", node.getText());
    const row = (choice: ts.PropertyAssignment) => [
        code(`${name}.${choice.name.getText()}`),
        code(choice.initializer.getText()),
        docOf(choice, linker(library)).text,
    ];
    return table(["Choice", "Value", ""], choices.map(row));
}

/** The members of `const X = { … } as const`. */
function choicesOf(statement: ts.VariableStatement): ts.PropertyAssignment[] {
    const value = statement.declarationList.declarations[0]?.initializer;
    if (value === undefined || !ts.isAsExpression(value) || !ts.isObjectLiteralExpression(value.expression)) return [];
    return value.expression.properties.filter(ts.isPropertyAssignment);
}

function memberTable(
    what: string,
    members: readonly (ts.PropertySignature | ts.PropertyDeclaration)[],
    library: Library,
): string {
    if (members.length === 0) return "None.";
    const row = (member: ts.PropertySignature | ts.PropertyDeclaration) => [
        `${code(member.name.getText())}${member.questionToken === undefined ? "" : " *optional*"}`,
        typeCell(member.type?.getText() ?? "", library),
        docOf(member, linker(library)).text,
    ];
    return table([what, "Type", ""], members.map(row));
}

/** A type as it is written, with links to what it names. */
function typeCell(type: string, { places }: Library): string {
    const names = [...new Set(type.match(/\b[A-Z]\w+\b/g) ?? [])].filter((name) => places.has(name));
    const links = names.map((name) => `[${name}](${places.get(name)})`).join(", ");
    return [code(type.replace(/\s+/g, " ")), links].filter((part) => part !== "").join("\n\n");
}

function linker({ places }: Library): (name: string) => string {
    return (name) => {
        const place = places.get(name.split(".")[0] ?? "");
        return place === undefined ? code(name) : `[${code(name)}](${place})`;
    };
}

function place({ file, line }: Declaration, { source }: Library): string {
    return source === undefined ? code(file) : `[${code(file)}](${source}/${file}#L${line})`;
}
