import { certificatesOf } from "../../tls/certificates.ts";
import { type TlsOrigin, tlsOrigins } from "../account/ingressRules.ts";
import type { WrittenRules } from "../account/writtenRules.ts";
import { lastsAWeek } from "../days.ts";
import { check, type Finding, type Verdict } from "../finding.ts";
import { type Handshake, visit } from "../namespace/visit.ts";
import type { AuditedTunnel } from "../target.ts";
import { connectorContainers } from "./connectors.ts";
import type { DockerView } from "./view.ts";

const ID = "origin-certificate-is-valid";

/** For how long the stack's own authority lasts: its first root, while a next one is trusted already. */
export function authorityCheck(caPem: string): Promise<Finding> {
    return check(ID, "origin CA", async () =>
        lastsAWeek(certificatesOf(caPem).map(({ validTo }) => new Date(validTo))),
    );
}

/** What the origins really show to a connector: each address of each, verified with the stack's own authority. */
export async function originChecks(
    caPem: string,
    written: Promise<Pick<WrittenRules, "rules">>,
    docker: Promise<DockerView>,
    tunnels: readonly AuditedTunnel[],
): Promise<Finding[]> {
    // Who needs the rules says that they cannot be had.
    const { rules } = await written.catch(() => ({ rules: [] }));
    return Promise.all(
        tlsOrigins(rules).map((origin) =>
            check(ID, `${origin.host}:${origin.port}`, async () => {
                const view = await docker;
                if (view.namespaceObstacle !== undefined) {
                    return { reason: view.namespaceObstacle };
                }
                const [connector] = connectorContainers(view, tunnels);
                if (connector === undefined) {
                    return { reason: "no connector runs on this machine, and nothing else sees the origin" };
                }
                return handshakesVerdict(await shown(connector.pid, origin, caPem));
            }),
        ),
    );
}

function shown(pid: number, origin: TlsOrigin, caPem: string): Promise<Handshake[]> {
    return visit(pid, { kind: "certificates", ...origin, caPem });
}

export function handshakesVerdict(handshakes: readonly Handshake[]): Verdict {
    const failed = handshakes.find((handshake) => "error" in handshake);
    if (failed !== undefined) {
        return { ok: false, detail: `${failed.address}: ${failed.error}` };
    }
    if (handshakes.length === 0) {
        return { ok: false, detail: "it has no address" };
    }
    const ends = handshakes.flatMap((handshake) => ("ends" in handshake ? [new Date(handshake.ends)] : []));
    const { ok, detail } = lastsAWeek(ends);
    return { ok, detail: `verified at ${ends.length} addresses, ${detail}` };
}
