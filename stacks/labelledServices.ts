import type Docker from "dockerode";
import type { LabelledService, LabelledServiceNetwork } from "../components/index.ts";
import { labelsOfOurs } from "../components/swarm/readLabels.ts";

/** What is asked of a Docker engine: two listings, which change nothing. */
export type ServiceListing = Pick<Docker, "listServices" | "listNetworks">;

/** What the types of dockerode leave out of a network (Engine API, `GET /networks`). */
type EngineNetwork = Pick<Docker.NetworkInspectInfo, "Id" | "Name" | "Driver"> & {
    Internal?: boolean;
    Ingress?: boolean;
};

/** What is read of a service (Engine API, `GET /services`). */
interface EngineService {
    ID: string;
    CreatedAt: string;
    Spec: {
        Name: string;
        Labels?: Record<string, string>;
        TaskTemplate?: { Networks?: { Target: string }[] };
        /** Where older clients put the networks. */
        Networks?: { Target: string }[];
    };
}

/** The services of a Swarm that carry labels of ours, each with those labels alone: labels of others may hold anything, secrets included. */
export async function labelledServices(engine: ServiceListing): Promise<LabelledService[]> {
    const [services, networks] = await Promise.all([
        engine.listServices() as Promise<unknown> as Promise<EngineService[]>,
        engine.listNetworks() as Promise<EngineNetwork[]>,
    ]);
    // A specification may name a network by either.
    const known = new Map(
        networks.flatMap((network) => [network.Id, network.Name].map((key) => [key, network] as const)),
    );
    return services
        .map(({ ID, CreatedAt, Spec }) => ({
            id: ID,
            name: Spec.Name,
            labels: labelsOfOurs(Spec.Labels ?? {}),
            networks: (Spec.TaskTemplate?.Networks ?? Spec.Networks ?? []).flatMap(({ Target }) => {
                const network = known.get(Target);
                return network === undefined ? [] : [networkOf(network)];
            }),
            createdAt: CreatedAt,
        }))
        .filter(({ labels }) => Object.keys(labels).length > 0);
}

function networkOf({ Id, Name, Driver, Internal, Ingress }: EngineNetwork): LabelledServiceNetwork {
    return { id: Id, name: Name, driver: Driver, internal: Internal === true, ingress: Ingress === true };
}
