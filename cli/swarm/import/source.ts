/** A label as a Compose file or a running service has it. */
export interface SourceLabel {
    name: string;
    /** Its value, with variables such as `${DOMAIN}` as they are written. */
    value: string;
    /** Line of the file; undefined for a running service. */
    line: number | undefined;
}

/** A service that may be public today, wherever it was read. */
export interface SourceService {
    /** Key in the Compose file, or name of the running service. */
    name: string;
    /** Name of the service in the Swarm: with the name of the Docker stack in front. */
    swarmName: string;
    /** Other names under which a tunnel's origin may mean this service. */
    aliases: readonly string[];
    /** Compose file; undefined for a running service. */
    file: string | undefined;
    line: number | undefined;
    image: string;
    environment: Readonly<Record<string, string>>;
    /** Labels of the service, then those of its containers where no label of the service has the same name. */
    labels: readonly SourceLabel[];
    /** Names of its networks in the Swarm. */
    networks: readonly string[];
    /** Ports that the service says it listens on. */
    ports: readonly number[];
    /** The value with its variables filled in; undefined where one of them is not known. */
    resolve(value: string): string | undefined;
}

/** Who may enter, as far as the source says it. */
export type Who =
    /** Nothing is said, which today lets everybody in. */
    | { kind: "unsaid" }
    /** Everybody may enter, in so many words. */
    | { kind: "everybody"; label: SourceLabel }
    /** People whom the labels themselves name. */
    | { kind: "people"; name: string; people: People }
    /** Groups or policies that are described elsewhere. */
    | { kind: "named"; names: readonly string[]; label: SourceLabel };

/** People in the words of a stack file. */
export interface People {
    emails?: string[];
    emailDomains?: string[];
    ipRanges?: string[];
    countries?: string[];
    exclude?: { emails?: string[]; ipRanges?: string[] };
}

/** A public name that a service has today; every text as it is written, variables included. */
export interface SourceRoute {
    hostname: string;
    path?: string | undefined;
    scheme: string;
    port: string;
    session?: string | undefined;
    who: Who;
}

/** What the labels of one tool come to. */
export interface FamilyReading {
    routes: SourceRoute[];
    /** Labels that ours take the place of. */
    replaced: string[];
    /** Network on which the tool reaches the service, where it says one. */
    network?: string | undefined;
}

/** How much a finding matters. */
export const FindingKind = {
    /** Somebody has to decide; the service is not exposed until then. */
    Decision: "decision",
    /** Has no equivalent; the service is exposed without it, to nobody more. */
    Lost: "lost",
    /** Worth knowing. */
    Note: "note",
} as const;
export type FindingKind = (typeof FindingKind)[keyof typeof FindingKind];

/** Something that the import could not carry over as it was. */
export interface Finding {
    kind: FindingKind;
    file?: string | undefined;
    line?: number | undefined;
    service: string;
    /** Label it is about. */
    label?: string | undefined;
    reason: string;
}

/** Gathers what is found about one service. */
export class Findings {
    readonly all: Finding[] = [];
    readonly #service: SourceService;

    constructor(service: SourceService) {
        this.#service = service;
    }

    /** Whether the service has to stay shut. */
    get undecided(): boolean {
        return this.all.some(({ kind }) => kind === FindingKind.Decision);
    }

    /** The service stays shut until somebody decides. */
    decide(reason: string, label?: SourceLabel): void {
        this.#add(FindingKind.Decision, reason, label);
    }

    /** The service is exposed without it. */
    lose(reason: string, label?: SourceLabel): void {
        this.#add(FindingKind.Lost, reason, label);
    }

    note(reason: string, label?: SourceLabel): void {
        this.#add(FindingKind.Note, reason, label);
    }

    #add(kind: FindingKind, reason: string, label: SourceLabel | undefined): void {
        const { file, name: service, line } = this.#service;
        this.all.push({ kind, file, line: label?.line ?? line, service, label: label?.name, reason });
    }
}

/** Entries of a list that is written with commas, without what is empty. */
export function commaList(text: string): string[] {
    return text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "");
}
