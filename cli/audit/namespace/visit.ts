import { fileURLToPath } from "node:url";
import { type ExecaError, execa } from "execa";

const VISITOR = fileURLToPath(new URL("./visitor.ts", import.meta.url));
const ANSWER_WITHIN_MS = 15_000;

/** What {@link visit} can be asked to do inside a network namespace. */
export type Errand =
    /** GETs an HTTP address. */
    | { readonly kind: "http"; readonly url: string }
    /** Looks a host up as containers do, and does a verified TLS handshake with each address that it has. */
    | {
          readonly kind: "certificates";
          readonly host: string;
          readonly port: number;
          readonly serverName: string;
          readonly caPem: string;
      };

export interface HttpAnswer {
    readonly status: number;
    readonly body: string;
}

/** A handshake: verified, so that there is an end of the certificate's, or not. */
export type Handshake =
    | { readonly address: string; readonly ends: string }
    | { readonly address: string; readonly error: string };

/**
 * Sends a process of ours into the network namespace of another one: it sees that network, and the files of this machine.
 *
 * @throws Error with what the process said when it could not do it. It takes root, Linux and util-linux.
 */
export async function visit(pid: number, errand: Extract<Errand, { kind: "http" }>): Promise<HttpAnswer>;
export async function visit(pid: number, errand: Extract<Errand, { kind: "certificates" }>): Promise<Handshake[]>;
export async function visit(pid: number, errand: Errand): Promise<unknown> {
    const { stdout } = await execa("nsenter", [`--target=${pid}`, "--net", "--", process.execPath, VISITOR], {
        input: JSON.stringify(errand),
        timeout: ANSWER_WITHIN_MS,
    }).catch((error: ExecaError) => {
        throw error.code === "ENOENT" ? new Error("nsenter is not installed; it comes with util-linux") : error;
    });
    const answer = JSON.parse(stdout) as { result: unknown } | { error: string };
    if ("error" in answer) {
        throw new Error(answer.error);
    }
    return answer.result;
}
