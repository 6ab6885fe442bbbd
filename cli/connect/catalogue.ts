import { dirname, resolve } from "node:path";
import { z } from "zod";
import { pathOf } from "../../stacks/config/issues.ts";
import { TcpProtocol } from "../../stacks/config/values.ts";
import { CommandError, Exit } from "../exit.ts";
import { readIfThere } from "../local/files.ts";

/** Spoken by browsers, which need no local port. */
export const HTTP = "http";

const PROTOCOLS = [...Object.values(TcpProtocol), HTTP] as const;

/** What a developer's laptop must know of one app: where it is and what it speaks. Not where it runs. */
const app = z.strictObject({
    name: z.string().min(1, "is empty; write the name that people type"),
    hostname: z
        .string()
        .regex(/^([a-z0-9_-]+\.)+[a-z0-9-]+$/, 'is not a host name in lower case, such as "db.example.com"'),
    protocol: z.enum(PROTOCOLS, `is none of ${PROTOCOLS.join(", ")}`),
    /** Port of the laptop that is tried first. The protocol's own if omitted. */
    port: z.int().min(1).max(65_535).optional(),
    /** Whether Access signs certificates for an SSH app; true if omitted, as in a stack file. */
    shortLivedCertificates: z.boolean().optional(),
});

/** An edge on this machine, in place of Cloudflare's: the emulator's. */
const edge = z.strictObject({
    address: z
        .string()
        .regex(/^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/, 'is not on loopback; write such as "127.0.0.1:8443"'),
    /** PEM file that verifies it, from the catalogue's folder on. */
    caFile: z.string().min(1),
});

const catalogue = z.strictObject({
    version: z.literal(1, 'is not 1, the only version there is; write "version": 1'),
    apps: z.array(app),
    edge: edge.optional(),
});

/**
 * The emulated edge that a catalogue of another kind names under the same key; undefined where it names none.
 *
 * @throws Error with what is wrong with it
 */
export function edgeNamedIn(document: unknown, file: string): z.output<typeof edge> | undefined {
    const parsed = z.object({ edge: edge.optional() }).safeParse(document);
    if (!parsed.success) {
        throw new Error(parsed.error.issues.map(({ path, message }) => `${pathOf(path)} ${message}`).join("; "));
    }
    return parsed.data.edge && fromFolderOf(file, parsed.data.edge);
}

function fromFolderOf(file: string, named: z.output<typeof edge>): z.output<typeof edge> {
    return { ...named, caFile: resolve(dirname(file), named.caFile) };
}

/** The port under which the edge's hostnames are asked for. */
export function portOf({ address }: z.output<typeof edge>): number {
    return Number(address.slice(address.lastIndexOf(":") + 1));
}

export type CatalogueApp = z.output<typeof app>;
/** Everything that `connect` needs of an environment, for people who have not got its stack file. Holds no secret. */
export type Catalogue = z.output<typeof catalogue>;

/**
 * Reads a catalogue.
 *
 * @throws CommandError (exit 2) with every mistake in it, each with its path.
 */
export function readCatalogue(file: string): Catalogue {
    const text = readIfThere(file);
    if (text === undefined) {
        throw refusal(file, ["is not there; make one: sallyport connect --stack STACK --write-catalogue > FILE"]);
    }
    let document: unknown;
    try {
        document = JSON.parse(text);
    } catch (error) {
        throw refusal(file, [`is not JSON: ${(error as Error).message}`]);
    }
    const parsed = catalogue.safeParse(document);
    if (!parsed.success) {
        throw refusal(
            file,
            parsed.error.issues.map(({ path, message }) => `${pathOf(path)} ${message}`),
        );
    }
    const { apps, edge: local } = parsed.data;
    const repeated = apps.filter(({ name }, index) => apps.findIndex((other) => other.name === name) < index);
    if (repeated.length > 0) {
        throw refusal(
            file,
            repeated.map(({ name }) => `apps: "${name}" is there twice; give one of the two another name`),
        );
    }
    return local === undefined ? parsed.data : { ...parsed.data, edge: fromFolderOf(file, local) };
}

function refusal(file: string, mistakes: readonly string[]): CommandError {
    return new CommandError(Exit.usage, mistakes.map((mistake) => `--catalogue ${file}: ${mistake}`).join("\n"));
}
