import type * as pulumi from "@pulumi/pulumi";
import {
    MkcertCA,
    type MkcertCAArgs,
    MkcertCertificate,
    type MkcertCertificateArgs,
} from "../../../components/index.ts";
import { deploy, promiseOf } from "../../support/mocks.ts";
import { certificateState } from "./tlsProvider.ts";

/** What a leaf is good for, without its authority. */
export type LeafArgs = Omit<MkcertCertificateArgs, "caCertPem" | "caPrivateKeyPem">;

/** Everything that a deployment of one authority and one leaf of it gives, as text. */
export interface Issued {
    readonly rootPem: string;
    readonly rootKeyPem: string;
    readonly trustBundlePem: string;
    readonly certPem: string;
    readonly keyPem: string;
    readonly chainPem: string;
    readonly pkcs12: string;
}

/**
 * Deploys an authority and a leaf of it, with real certificates.
 *
 * @param create The state of an earlier deployment, where it goes on.
 * @throws what the program threw, then or while its outputs became known.
 */
export async function issue(ca: MkcertCAArgs, leaf: LeafArgs, create = certificateState()): Promise<Issued> {
    const program = () => {
        const authority = new MkcertCA("ca", ca);
        const { certPem: caCertPem, privateKeyPem: caPrivateKeyPem } = authority;
        return { authority, leaf: new MkcertCertificate("leaf", { caCertPem, caPrivateKeyPem, ...leaf }) };
    };
    const { result, error } = await deploy(program, { create });
    if (error !== undefined || result === undefined) throw error;
    const text = (output: pulumi.Output<string>) => promiseOf(output);
    return {
        rootPem: await text(result.authority.certPem),
        rootKeyPem: await text(result.authority.privateKeyPem),
        trustBundlePem: await text(result.authority.trustBundlePem),
        certPem: await text(result.leaf.certPem),
        keyPem: await text(result.leaf.privateKeyPem),
        chainPem: await text(result.leaf.chainPem),
        pkcs12: await text(result.leaf.pkcs12),
    };
}
