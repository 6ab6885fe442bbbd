import * as pulumi from "@pulumi/pulumi";
import type { Federation } from "../../../components/interconnect/federation.ts";
import { WireGuardMesh } from "../../../components/interconnect/wireGuardMesh.ts";
import { largeFederation } from "../../support/federation.ts";

/** What each way of connecting makes of a federation. */
const backEnds: Record<string, (federation: Federation) => void> = {
    wireguard: (federation) => void new WireGuardMesh("bench", { federation }),
};

const make = backEnds[process.env.BENCH_BACK_END ?? ""];
const [sites, nodes] = [Number(process.env.BENCH_SITES), Number(process.env.BENCH_NODES)];
if (make === undefined || !(sites > 0) || !(nodes > 0)) {
    throw new pulumi.RunError(
        `BENCH_BACK_END must be one of ${Object.keys(backEnds).join(", ")}, BENCH_SITES and BENCH_NODES numbers above 0`,
    );
}
make(largeFederation(sites, nodes));
