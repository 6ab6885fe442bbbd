import { z } from "zod";
import { FederationProtocol } from "../../../components/interconnect/federation.ts";
import { DnsForwarder } from "../../../components/interconnect/mutualTls/discovery.ts";
import { rotation } from "../rotation.ts";

const node = z.strictObject({
    name: z.string(),
    address: z.string().optional(),
    roaming: z.boolean().optional(),
    relay: z.boolean().optional(),
});

const site = z.strictObject({
    name: z.string(),
    owner: z.string(),
    nat: z.boolean().optional(),
    ipv6Prefix: z.string().optional(),
    egress: z.array(z.string()).optional(),
    nodes: z.array(node),
});

const service = z.strictObject({
    name: z.string(),
    site: z.string(),
    nodes: z.array(z.string()),
    port: z.number().optional(),
    protocol: z.enum(FederationProtocol, { error: 'is unknown. Write "tcp" or "http".' }).optional(),
});

const intention = z.strictObject({ from: z.string(), to: z.string(), port: z.number().optional() });

const shape = {
    name: z.string(),
    domain: z.string().optional(),
    sites: z.array(site),
    services: z.array(service),
    intentions: z.array(intention),
};

/** A federation as its owners agree on it, by form alone; `federationProblems` judges what it says. */
export const federationShape = z.strictObject(shape);

const mutualTls = z.strictObject({
    upstream: z.string().optional(),
    localPorts: z.record(z.string(), z.number()).optional(),
    user: z.string().optional(),
    forwarder: z
        .enum(DnsForwarder, { error: `is unknown. Write one of ${Object.values(DnsForwarder).join(", ")}.` })
        .optional(),
    consulDns: z.string().optional(),
});

const link = z.strictObject({
    from: z.string(),
    to: z.string(),
    hostname: z.string(),
    host: z.string().optional(),
    localPort: z.number().optional(),
    user: z.string().optional(),
    rotation: rotation.optional(),
});

/** The same in a stack file: the federation, which part of it the stack is, and how that is connected. */
export const stackFederation = z.strictObject({
    ...shape,
    site: z.string(),
    mutualTls: z.record(z.string(), mutualTls).default({}),
    trustBundles: z.record(z.string(), z.string()).default({}),
    links: z.array(link).default([]),
    rollOver: rotation.optional(),
});

export type FederationConfig = z.output<typeof stackFederation>;
