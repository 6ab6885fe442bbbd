import { basename, dirname, resolve } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import { CommandError, Exit } from "../../exit.ts";
import { entriesOf, isNamed, lineOf, listOf, mapOf, type Node, resolved, textOf } from "./composeNodes.ts";
import type { SourceLabel, SourceService } from "./source.ts";
import { interpolate, type Variables, variablesFor } from "./variables.ts";

/** How a Compose file is read. */
export interface ComposeOptions {
    /** Name under which it is deployed as a Docker stack. */
    project: string;
    /** The environment of whoever deploys it. */
    environment: Variables;
}

/** A Compose or stack file, with its comments and its formatting. */
export interface ComposeFile {
    path: string;
    text: string;
    document: Document;
    services: SourceService[];
}

/** The name that Compose gives a project whose file says none: the folder's, in what of it Compose allows. */
export function usualProject(path: string): string {
    return basename(dirname(resolve(path)))
        .toLowerCase()
        .replace(/[^a-z0-9_-]/g, "")
        .replace(/^[_-]+/, "");
}

/** @throws CommandError when the text is no Compose file. */
export function readCompose(path: string, text: string, { project, environment }: ComposeOptions): ComposeFile {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines });
    const [mistake] = document.errors;
    if (mistake !== undefined) throw new CommandError(Exit.usage, `${path}: ${mistake.message}`);
    const top = mapOf(document.contents, document);
    const services = top && mapOf(top.get("services", true), document);
    if (services === undefined) {
        throw new CommandError(Exit.usage, `${path}: has no services`, "give a Compose or stack file");
    }
    const variables = variablesFor(dirname(path), environment);
    const networks = mapOf(top?.get("networks", true), document);
    const read = [...entriesOf(services, document)].flatMap(([name, { node, key }]) => {
        const service = mapOf(node, document);
        if (service === undefined) return [];
        const found = new Map(entriesOf(service, document));
        const part = (key: string): Node => found.get(key)?.node;
        const deploy = mapOf(part("deploy"), document);
        const deployed = deploy === undefined ? undefined : new Map(entriesOf(deploy, document)).get("labels")?.node;
        const containerName = textOf(part("container_name"), document);
        return [
            {
                name,
                swarmName: `${project}_${name}`,
                aliases: [containerName, textOf(part("hostname"), document)].filter((alias) => alias !== undefined),
                file: path,
                line: lineOf(key, lines),
                image: textOf(part("image"), document) ?? "",
                environment: Object.fromEntries(
                    labelsIn(part("environment"), document, lines).map(({ name: key, value }) => [key, value]),
                ),
                labels: merged(labelsIn(deployed, document, lines), labelsIn(part("labels"), document, lines)),
                networks: networksOf(part("networks"), networks, project, document),
                ports: portsOf([...listOf(part("expose"), document), ...listOf(part("ports"), document)], document),
                resolve: (value: string) => interpolate(value, variables),
            },
        ];
    });
    return { path, text, document, services: read };
}

/** Those of the service hold for the whole service, so they come before those of its containers. */
function merged(deployed: readonly SourceLabel[], ofContainers: readonly SourceLabel[]): SourceLabel[] {
    const names = new Set(deployed.map(({ name }) => name));
    return [...deployed, ...ofContainers.filter(({ name }) => !names.has(name))];
}

/** Names with values, in any of the forms that Compose takes: a map, a list of `name=value`, with anchors and merges. */
export function labelsIn(node: Node, document: Document, lines?: LineCounter): SourceLabel[] {
    const map = mapOf(node, document);
    if (map !== undefined) {
        return [...entriesOf(map, document)].map(([name, { node: value, key }]) => ({
            name,
            value: textOf(value, document) ?? "",
            line: lineOf(key, lines),
        }));
    }
    return listOf(node, document).flatMap((item) => {
        const text = textOf(item, document);
        if (text === undefined) return [];
        const [, name = text, value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
        return [{ name, value, line: lineOf(item, lines) }];
    });
}

function networksOf(node: Node, declared: ReturnType<typeof mapOf>, project: string, document: Document): string[] {
    const map = mapOf(node, document);
    const names =
        map === undefined
            ? listOf(node, document).map((item) => textOf(item, document) ?? "")
            : [...entriesOf(map, document)].map(([name]) => name);
    return (names.length === 0 ? ["default"] : names).map((name) => {
        const declaration = mapOf(declared?.get(name, true), document);
        const external = resolved(declaration?.get("external", true), document);
        const given =
            textOf(declaration?.get("name", true), document) ??
            textOf(mapOf(external, document)?.get("name", true), document);
        return given ?? (external !== undefined && !isNamed(external, "false") ? name : `${project}_${name}`);
    });
}

/** Ports of the container: `80`, `8080:80`, `127.0.0.1:8080:80/tcp`, or the long form's `target`. */
function portsOf(items: readonly Node[], document: Document): number[] {
    const ports = items.map((item) => {
        const text = textOf(mapOf(item, document)?.get("target", true) ?? item, document) ?? "";
        return Number(/(\d+)(?:\/tcp)?$/.exec(text)?.[1]);
    });
    return [...new Set(ports.filter((port) => port > 0))];
}
