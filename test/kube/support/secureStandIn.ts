import { createServer } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { issue } from "../../components/support/issuedCertificates.ts";
import { listenOnLoopback } from "../../e2e/support/listenOnLoopback.ts";
import { player, type Recording, type StandIn } from "./standIn.ts";

/** Plays a recording over HTTPS, with a certificate that this process trusts for as long. Azure's clients send no token without TLS. */
export async function secureStandIn(recording: Recording): Promise<StandIn> {
    const { chainPem, keyPem, rootPem } = await issue(
        { algorithm: "ECDSA" },
        { ipAddresses: ["127.0.0.1"], algorithm: "ECDSA" },
    );
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, rootPem]);
    const { listener, requests } = player(recording);
    const service = await listenOnLoopback(createServer({ cert: chainPem, key: keyPem }, listener));
    return {
        url: `https://127.0.0.1:${service.port}`,
        requests,
        async [Symbol.asyncDispose]() {
            setDefaultCACertificates(trusted);
            await service[Symbol.asyncDispose]();
        },
    };
}
