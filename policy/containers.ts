import type { Resource } from "./rule.ts";
import { at, items, keys, knownItems, text, UNKNOWN } from "./values.ts";

/** A name and value that a container is started with. */
export interface Setting {
    /** Property of the resource in which it stands. */
    readonly property: string;
    readonly name: string;
    /** The text; `undefined` if there is none, `UNKNOWN` if a preview cannot tell. */
    readonly value: string | undefined | typeof UNKNOWN;
}

/** Words of a command line, from one property. */
export interface CommandLine {
    readonly property: string;
    /** In order; a word that a preview does not know yet keeps its place. */
    readonly words: readonly (string | typeof UNKNOWN)[];
}

/** What a Docker service or container starts its processes with, in the same form for both. */
export interface Launch {
    /** The resource as a message calls it. */
    readonly subject: string;
    /** Reference of the image; `undefined` if a preview cannot tell. */
    readonly image: string | undefined;
    readonly environment: readonly Setting[];
    readonly labels: readonly Setting[];
    readonly commandLines: readonly CommandLine[];
}

/** Reads what a `docker.Service` is started with. */
export function serviceLaunch({ name, props }: Resource): Launch {
    const spec = at(props, "taskSpec", "containerSpec");
    const environment = at(spec, "env");
    return {
        subject: `Service '${name}'`,
        image: text(at(spec, "image")),
        environment: keys(environment).map((key) => setting("taskSpec.containerSpec.env", key, at(environment, key))),
        labels: [
            ...labels("labels", at(props, "labels")),
            ...labels("taskSpec.containerSpec.labels", at(spec, "labels")),
        ],
        commandLines: [
            commandLine("taskSpec.containerSpec.commands", at(spec, "commands")),
            commandLine("taskSpec.containerSpec.args", at(spec, "args")),
            commandLine("taskSpec.containerSpec.healthcheck.tests", at(spec, "healthcheck", "tests")),
        ],
    };
}

/** Reads what a `docker.Container` is started with. */
export function containerLaunch({ name, props }: Resource): Launch {
    return {
        subject: `Container '${name}'`,
        image: text(at(props, "image")),
        environment: knownItems(at(props, "envs")).flatMap((entry) => {
            if (typeof entry !== "string") return [];
            const [key = "", ...value] = entry.split("=");
            return [setting("envs", key, value.join("="))];
        }),
        labels: labels("labels", at(props, "labels")),
        commandLines: [
            commandLine("entrypoints", at(props, "entrypoints")),
            commandLine("command", at(props, "command")),
            commandLine("healthcheck.tests", at(props, "healthcheck", "tests")),
        ],
    };
}

function labels(property: string, list: unknown): Setting[] {
    return knownItems(list).map((label) => setting(property, text(at(label, "label")) ?? "", at(label, "value")));
}

function setting(property: string, name: string, value: unknown): Setting {
    return { property, name, value: value === UNKNOWN ? UNKNOWN : text(value) };
}

function commandLine(property: string, list: unknown): CommandLine {
    const words = items(list);
    return {
        property,
        words: words === UNKNOWN ? [] : words.filter((word) => typeof word === "string" || word === UNKNOWN),
    };
}
