import * as pulumi from "@pulumi/pulumi";
import { ConsulMesh } from "../../../components/interconnect/consulMesh.ts";
import { compileIntentions } from "../../../components/interconnect/federation/intentions.ts";
import type { Federation } from "../../../components/interconnect/federation.ts";
import { MutualTlsService } from "../../../components/interconnect/mutualTlsService.ts";
import { SiteAuthority } from "../../../components/interconnect/siteAuthority.ts";
import { WireGuardMesh } from "../../../components/interconnect/wireGuardMesh.ts";
import { largeFederation } from "../../support/federation.ts";

/** The site whose owner's program it is, where each owner has one of their own. */
const OWN = "s0";

/** What each way of connecting makes of a federation: all of it, or one owner's part. */
const backEnds: Record<string, (federation: Federation) => void> = {
    wireguard: (federation) => void new WireGuardMesh("bench", { federation }),
    "mutual-tls": (federation) => {
        const paths = compileIntentions(federation).filter(({ from, to }) => from.site === OWN || to.site === OWN);
        const sites = new Set(paths.flatMap(({ from, to }) => [from.site, to.site]));
        const authorities = new Map([...sites].map((site) => [site, new SiteAuthority(site, { federation, site })]));
        const trustBundles = [...authorities.values()].map((authority) => authority.trustBundles);
        for (const { name } of federation.services.filter(({ site }) => site === OWN)) {
            const authority = authorities.get(OWN)?.of(name);
            if (authority !== undefined) {
                new MutualTlsService(name, { federation, service: name, ...authority, trustBundles });
            }
        }
    },
    consul: (federation) => {
        const nodes = federation.sites.find(({ name }) => name === OWN)?.nodes ?? [];
        const inside = nodes.map((node) => ({ name: node.name, address: node.address ?? "" }));
        new ConsulMesh(OWN, { federation, site: OWN, nodes: inside });
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
