import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CommandError, Exit } from "../../exit.ts";
import { type AudienceDecisions, Audiences } from "./audiences.ts";
import { type ComposeFile, readCompose, usualProject } from "./composeFile.ts";
import { updateCommands } from "./running.ts";
import { type Finding, FindingKind, type SourceService } from "./source.ts";
import { isOf, judge, type StackKeys, stackFileText, stackKeys } from "./stackConfig.ts";
import { likelyZones, readServices, type TranslatedService, translate } from "./translate.ts";
import type { Variables } from "./variables.ts";
import { writtenAnew } from "./writeLabels.ts";

/** What an import is made from. */
export interface ImportRequest extends AudienceDecisions {
    /** Compose and stack files. */
    files: readonly string[];
    /** Services of a Swarm beside them. */
    running: readonly SourceService[];
    /** Zone of the host names; the one that most of them lie in if omitted. */
    zone?: string | undefined;
    /** Name of the Docker stack; that of each file's folder if omitted. */
    project?: string | undefined;
    environment: Variables;
}

/** A file that an import makes. */
export interface ImportedFile {
    name: string;
    /** What it was before; empty for a new one. */
    before: string;
    text: string;
}

/** A service in the answer of `sallyport swarm import --json`. */
export interface ImportedService {
    service: string;
    file?: string | undefined;
    hostnames: string[];
    audiences: string[];
    /** False for one that needs a decision, or that is not published today. */
    exposed: boolean;
}

export interface Import {
    zone: string | undefined;
    services: ImportedService[];
    findings: Finding[];
    files: ImportedFile[];
    /** Keys of the stack file; undefined where nothing is exposed. */
    keys: StackKeys | undefined;
    translated: readonly TranslatedService[];
}

/** The stack's keys, to be copied into its file. */
const STACK_FILE = "sallyport.yaml";
const COMMANDS = "relabel.sh";

/**
 * Translates what other tools publish by labels into labels of ours and the keys of a stack file. Nothing is ever opened wider: what lets
 * everybody in, what cannot be said here and what would get in without a guard that is lost stays shut, as a decision to be made.
 *
 * @throws CommandError for files that cannot be read, and for people and zones that are none.
 */
export function importServices(request: ImportRequest): Import {
    const composed = request.files.map((path) => open(path, request));
    const read = readServices([...composed.flatMap(({ services }) => services), ...request.running]);
    const audiences = new Audiences(request);
    const translated = translate(read, audiences);
    const zone = request.zone ?? likelyZones(read)[0];
    const keys = settle(zone, translated, audiences);
    const files = filesOf(composed, translated, keys);
    return {
        zone,
        services: read.map(({ service }, index) => {
            const { hostnames = [], audiences = [], labels = {} } = translated[index] ?? {};
            const exposed = Object.keys(labels).length > 0;
            return { service: service.name, file: service.file, hostnames, audiences, exposed };
        }),
        findings: read.flatMap(({ findings }) => findings.all),
        files,
        keys,
        translated,
    };
}

function open(path: string, { project, environment }: ImportRequest): ComposeFile {
    let text: string;
    try {
        text = readFileSync(path, "utf8");
    } catch (error) {
        throw new CommandError(Exit.usage, `${path} cannot be read: ${(error as Error).message}`);
    }
    return readCompose(path, text, { project: project ?? usualProject(path), environment });
}

/** What the labels' own rules refuse stays shut as well; without it the keys may be narrower, so they are judged again. */
function settle(
    zone: string | undefined,
    translated: TranslatedService[],
    audiences: Audiences,
): StackKeys | undefined {
    for (;;) {
        const exposed = translated.filter(({ labels }) => Object.keys(labels).length > 0);
        if (exposed.length === 0) return undefined;
        if (zone === undefined) {
            for (const one of exposed) {
                one.findings.decide("its host names lie in no zone that can be told; say it with --zone");
                one.labels = {};
            }
            return undefined;
        }
        const keys = stackKeys(zone, exposed, audiences);
        const refused = judge(forgiving(keys, zone), exposed);
        if (refused.length === 0) return keys;
        for (const one of exposed) {
            for (const { problems } of refused.filter((service) => isOf(one.service, service))) {
                for (const { path, reason } of problems) one.findings.decide(`${path} ${reason}`);
                one.labels = {};
            }
        }
    }
}

/** With a pattern in place of host names that no pattern may have, so that each service is told its own mistake. */
function forgiving(keys: StackKeys, zone: string): StackKeys {
    const swarm = keys["sallyport:swarm"];
    const names = swarm.hostnames as string[];
    const fitting = names.filter(
        (name) => name.endsWith(`.${zone}`) && /^[a-z0-9-]+$/.test(name.slice(0, -zone.length - 1)),
    );
    const hostnames = fitting.length === 0 ? [`*.${zone}`] : fitting;
    const ports = (swarm.ports as number[]).filter((port) => Number.isInteger(port) && port >= 1 && port <= 65_535);
    const { schemes: _, services: __, ports: ___, ...rest } = swarm;
    return {
        ...keys,
        "sallyport:swarm": {
            ...rest,
            hostnames,
            schemes: ["http", "https", "tcp", "ssh"],
            ...(ports.length === 0 ? {} : { ports }),
        },
    };
}

function filesOf(
    composed: readonly ComposeFile[],
    translated: readonly TranslatedService[],
    keys: StackKeys | undefined,
): ImportedFile[] {
    const files = composed.map((file) => {
        const own = translated.filter(({ service }) => service.file === file.path);
        return { name: basename(file.path), before: file.text, text: writtenAnew(file, own) };
    });
    const commands = updateCommands(translated.filter(({ service }) => service.file === undefined));
    return [
        ...files,
        ...(commands === "" ? [] : [{ name: COMMANDS, before: "", text: commands }]),
        ...(keys === undefined ? [] : [{ name: STACK_FILE, before: "", text: stackFileText(keys) }]),
    ];
}

export function decisionsOf({ findings }: Pick<Import, "findings">): Finding[] {
    return findings.filter(({ kind }) => kind === FindingKind.Decision);
}
