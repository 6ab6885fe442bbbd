/** Stands in for pulumi-tls: the same resources, keys through `node:crypto`, certificates through `@peculiar/x509`. */
import npmPackage from "@pulumi/tls/package.json" with { type: "json" };
import type { ResourceProvider } from "../../plugin/provider.ts";
import { locallySignedCert, selfSignedCert } from "./certificate.ts";
import { certRequest } from "./certRequest.ts";
import { privateKey } from "./privateKey.ts";

export const provider: ResourceProvider = {
    name: "tls",
    version: npmPackage.version,
    resources: {
        "tls:index/certRequest:CertRequest": certRequest,
        "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
        "tls:index/privateKey:PrivateKey": privateKey,
        "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
    },
};

/** It has no configuration, so one serves every run. */
export const createProvider = (): ResourceProvider => provider;
