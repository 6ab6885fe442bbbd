import * as pulumi from "@pulumi/pulumi";
import { ConsulMesh } from "../../../components/interconnect/consulMesh.ts";
import type { Federation } from "../../../components/interconnect/federation.ts";
import { MutualTlsService } from "../../../components/interconnect/mutualTlsService.ts";
import { SiteAuthority } from "../../../components/interconnect/siteAuthority.ts";
import { WireGuardMesh } from "../../../components/interconnect/wireGuardMesh.ts";
import { largeFederation } from "../../support/federation.ts";

/** What each way of connecting makes of a federation. */
const backEnds: Record<string, (federation: Federation) => void> = {
    wireguard: (federation) => void new WireGuardMesh("bench", { federation }),
    "mutual-tls": (federation) => {
        const authorities = new Map(
            federation.sites.map(({ name }) => [name, new SiteAuthority(name, { federation, site: name })]),
        );
        const trustBundles = [...authorities.values()].map((authority) => authority.trustBundles);
        for (const { name, site } of federation.services) {
            const authority = authorities.get(site)?.of(name);
            if (authority !== undefined) {
                new MutualTlsService(name, { federation, service: name, ...authority, trustBundles });
            }
        }
    },
    consul: (federation) => {
        for (const { name, nodes } of federation.sites) {
            const inside = nodes.map((node) => ({ name: node.name, address: node.address ?? "" }));
            new ConsulMesh(name, { federation, site: name, nodes: inside });
        }
    },
};

const make = backEnds[process.env.BENCH_BACK_END ?? ""];
const [sites, nodes] = [Number(process.env.BENCH_SITES), Number(process.env.BENCH_NODES)];
if (make === undefined || !(sites > 0) || !(nodes > 0)) {
    throw new pulumi.RunError(
        `BENCH_BACK_END must be one of ${Object.keys(backEnds).join(", ")}, BENCH_SITES and BENCH_NODES numbers above 0`,
    );
}
make(largeFederation(sites, nodes));
