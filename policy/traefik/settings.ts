import { carriedFiles } from "../carriedFiles.ts";
import { type CommandLine, containerLaunch, type Launch, type Setting, serviceLaunch } from "../containers.ts";
import type { Resource } from "../rule.ts";
import { Token } from "../tokens.ts";
import { UNKNOWN } from "../values.ts";
import { settingsInFile } from "./configurationFile.ts";

/**
 * An option of Traefik's install or routing configuration. Files, options and variables write the same ones
 * (doc.traefik.io/traefik/reference/install-configuration/boot-environment).
 */
export interface TraefikSetting {
    /** Its name in lower case, as the reference has it: `entrypoints.web.forwardedheaders.insecure`. */
    readonly option: string;
    /** The text; empty for an option that holds others, `true` for a bare switch. */
    readonly value: string;
}

/** The settings of one place. Traefik takes one place alone, so each is judged by itself. */
export interface TraefikSource {
    /** Where they stand, as the subject of a sentence. */
    readonly subject: string;
    readonly settings: readonly TraefikSetting[];
    /** Whether a preview may hide further ones: what is left out cannot be told then. */
    readonly partial: boolean;
}

/** Resources in which people configure Traefik. */
export const TRAEFIK_RESOURCES: readonly string[] = [Token.service, Token.container, Token.serviceConfig];

/** Every place of a resource that configures a Traefik. */
export function traefikSources(resource: Resource): TraefikSource[] {
    const files = carriedFiles(resource).flatMap(({ subject, path, text }) => {
        const settings = settingsInFile(text, path ?? resource.name);
        return settings.length === 0 ? [] : [{ subject, settings, partial: false }];
    });
    const launch = launchOf(resource);
    return launch === undefined || !startsTraefik(launch) ? files : [...files, ...launchSources(launch)];
}

function launchOf(resource: Resource): Launch | undefined {
    if (resource.type === Token.service) return serviceLaunch(resource);
    return resource.type === Token.container ? containerLaunch(resource) : undefined;
}

/** `--log.level` is an option of many programs; the image tells, or an option that only Traefik has. */
function startsTraefik({ image, environment, commandLines }: Launch): boolean {
    if (image !== undefined && /(^|\/)traefik([:@]|$)/.test(image)) return true;
    if (environment.some(({ name }) => name.startsWith("TRAEFIK_"))) return true;
    return commandLines.some(({ words }) =>
        words.some((word) => typeof word === "string" && /^--(entrypoints|providers)\.|^traefik$/i.test(word)),
    );
}

function launchSources({ subject, environment, commandLines }: Launch): TraefikSource[] {
    const lines = commandLines.map(({ property, words }) => ({
        subject: `${subject}, in \`${property}\`,`,
        settings: optionsIn(words),
        partial: words.includes(UNKNOWN),
    }));
    const variables = {
        subject: `${subject}, in its environment,`,
        settings: environment.flatMap(variable),
        partial: environment.some(({ value }) => value === UNKNOWN),
    };
    return [...lines, variables].filter(({ settings }) => settings.length > 0);
}

/** `--option=value`; a bare option is a switch that is on, or takes its value from the next word: both are tried. */
function optionsIn(words: CommandLine["words"]): TraefikSetting[] {
    return words.flatMap((word, index) => {
        const [, name, value] = /^--([a-z][\w.[\]-]*)(?:=(.*))?$/is.exec(typeof word === "string" ? word : "") ?? [];
        if (name === undefined) return [];
        const option = name.toLowerCase();
        if (value !== undefined) return [{ option, value }];
        const next = words[index + 1];
        const values = typeof next === "string" && !next.startsWith("-") ? ["true", next] : ["true"];
        return values.map((one) => ({ option, value: one }));
    });
}

/** `TRAEFIK_LOG_LEVEL` is `log.level`. */
function variable({ name, value }: Setting): TraefikSetting[] {
    const [, option] = /^TRAEFIK_(.+)$/.exec(name) ?? [];
    if (option === undefined || typeof value !== "string") return [];
    return [{ option: option.toLowerCase().replaceAll("_", "."), value }];
}

/** Whether a setting switches something on: Go's `strconv.ParseBool`, by which Traefik reads switches. */
export function switchesOn({ value }: TraefikSetting): boolean {
    return /^(1|t|true)$/i.test(value);
}
