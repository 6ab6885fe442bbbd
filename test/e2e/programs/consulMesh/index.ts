/**
 * Both sites' meshes, as one owner of both would have them. `WITHOUT` names an intention to leave out (`git ldap`); `API_A` and `API_B` are the addresses of
 * servers, from when there are any, and `PEERED` is set from when A's gateway runs.
 */
import { Provider } from "@pulumi/consul/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { ConsulMesh, ConsulMeshAccess, type Federation } from "../../../../components/index.ts";
import { FEDERATION, NODES } from "./federation.ts";

const { WITHOUT = "", API_A, API_B, PEERED, CONSUL = "", ENVOY = "" } = process.env;
const intentions = FEDERATION.intentions.filter(({ from, to }) => `${from} ${to}` !== WITHOUT);
const federation: Federation = { ...FEDERATION, intentions };

const meshOf = (site: "a" | "b") =>
    new ConsulMesh(`mesh-${site}`, {
        federation,
        site,
        nodes: NODES[site],
        consul: CONSUL,
        envoy: ENVOY,
        anyEnvoy: true,
        drainSeconds: 2,
    });
const [a, b] = [meshOf("a"), meshOf("b")];

const accessOf = (site: "a" | "b", address: string, token: pulumi.Output<string>, accepted: ConsulMeshAccess[]) =>
    new ConsulMeshAccess(
        `access-${site}`,
        {
            federation,
            site,
            nodes: NODES[site],
            peeringTokens: Object.assign({}, ...accepted.map(({ peeringTokens }) => ({ a: peeringTokens[site] }))),
        },
        { providers: [new Provider(`consul-${site}`, { address, token })] },
    );
const access: ConsulMeshAccess[] = [];
if (API_A !== undefined && API_B !== undefined) {
    access.push(accessOf("a", API_A, a.managementToken, []));
    access.push(accessOf("b", API_B, b.managementToken, PEERED === undefined ? [] : access.slice()));
}

export const hosts = pulumi.all([a.hosts, b.hosts]).apply((all) => all.flat());
export const secretFiles = pulumi.all([a, b, ...access].map((part) => part.secretFiles)).apply((all) => all.flat());
export const managementTokens = { a: a.managementToken, b: b.managementToken };
export const upstreams = pulumi.all([a.upstreams, b.upstreams]).apply((all) => all.flat());
