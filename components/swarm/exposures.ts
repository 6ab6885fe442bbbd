import { repeatedIngress } from "../internal/ingress.ts";
import type { Problem } from "../internal/problems.ts";
import { swarmServiceNameProblem } from "../validation/index.ts";
import { type Claimant, settleClaims } from "./claims.ts";
import { exposureName } from "./exposureName.ts";
import type { LabelledService, LabelledServiceNetwork } from "./labelledService.ts";
import type { LabelRules } from "./labelRules.ts";
import { type Label, readLabels } from "./readLabels.ts";
import { mayUseLabels, type ReadRoute, readRoute } from "./readRoute.ts";

/** A public host name, or a path below it, that labels ask for and that the rules allow. */
export interface ExposedRoute {
    hostname: string;
    /** Path with all below it. The whole host name if omitted. */
    path?: string;
    /** Origin as the connector reaches it: always the labelled service's own tasks, by their name on its own network. */
    service: string;
    /** Name in the origin's certificate. Only for TLS origins. */
    originServerName?: string;
    /** Names of the audiences that may enter; never empty. */
    audiences: string[];
    /** How long a login lasts, Go duration. */
    session: string;
    /** What requests go through at the service's proxy, by the names in the rules. None if omitted. */
    middlewares?: string[];
}

/** A labelled service that is to be reached. */
export interface SwarmExposure {
    /** By which everything that is made for the service is called ({@link exposureName}). */
    name: string;
    serviceId: string;
    serviceName: string;
    /** The service's own overlay network, on which its connector meets it. */
    network: { id: string; name: string; internal: boolean };
    /**
     * Whether HTTP goes through a proxy of the service's own, over TLS, as it does where any route asks for TLS, for middlewares or for a path: then the
     * connector does not reach the service itself but for its TCP routes.
     */
    proxied: boolean;
    /** In the order of their labels; never empty. */
    routes: ExposedRoute[];
}

/** A labelled service that is not exposed at all. */
export interface RefusedService {
    serviceId: string;
    serviceName: string;
    /** Everything that is wrong, each by the label it is about. */
    problems: Problem[];
}

/** What the labels of a Swarm's services come to. */
export interface LabelVerdict {
    /** Sorted by name of the service. */
    exposures: SwarmExposure[];
    /** Sorted by name of the service. */
    refused: RefusedService[];
}

/**
 * What the labels of services come to under the rules of a stack. One mistake anywhere keeps the whole service shut, and nobody takes a host name
 * from another service: who holds it keeps it.
 *
 * @param held host names that are published already, with the id of the service behind each; without it the older service has a name.
 */
export function exposuresOf(
    services: readonly LabelledService[],
    rules: LabelRules,
    held: ReadonlyMap<string, string> = new Map(),
): LabelVerdict {
    const judged = services.toSorted(byName).flatMap((service) => judge(service, rules));
    const sound = judged.filter((one) => one.problems.length === 0);
    const taken = settleClaims(
        sound.map(({ claimant }) => claimant),
        held,
    );
    const problemsOf = ({ service, problems }: Judged) => [...problems, ...(taken.get(service.id) ?? [])];
    return {
        exposures: judged.filter((one) => problemsOf(one).length === 0).map(({ exposure }) => exposure),
        refused: judged
            .map((one) => ({ serviceId: one.service.id, serviceName: one.service.name, problems: problemsOf(one) }))
            .filter(({ problems }) => problems.length > 0),
    };
}

interface Judged {
    service: LabelledService;
    exposure: SwarmExposure;
    claimant: Claimant;
    problems: Problem[];
}

/** Nothing for a service that asks for nothing. */
function judge(service: LabelledService, rules: LabelRules): Judged[] {
    const { asks, network: networkLabel, routes, problems } = readLabels(service.labels);
    if (!asks) return [];
    const nameProblem = swarmServiceNameProblem(service.name) ?? mayUseLabels(service.name, rules);
    const network = networkOf(service, networkLabel);
    const found = [
        ...problems,
        ...(nameProblem === undefined ? [] : [{ path: "name", reason: nameProblem }]),
        ...(typeof network === "string" ? [{ path: networkLabel?.path ?? "sallyport.network", reason: network }] : []),
    ];
    const { id = "", name = "", internal = false } = typeof network === "string" ? {} : network;
    const read = routes.map((route) => readRoute(route, `tasks.${service.name}.${name}`, service.name, rules));
    const proxied = read.some(({ asksForProxy }) => asksForProxy);
    const identity = { name: exposureName(service.name), serviceId: service.id, serviceName: service.name };
    return [
        {
            service,
            exposure: { ...identity, network: { id, name, internal }, proxied, routes: read.map(({ route }) => route) },
            claimant: {
                ...identity,
                createdAt: service.createdAt,
                claims: [...new Map(read.map(({ route, label }) => [route.hostname, label]))].map(
                    ([hostname, label]) => ({ hostname, label }),
                ),
            },
            problems: firstOfEach([
                ...found,
                ...read.flatMap((one) => one.problems),
                ...(proxied ? withoutTlsProblems(read) : []),
                ...repeatedRoutes(read),
            ]),
        },
    ];
}

/** One reason for each label: of one that nobody can read nothing else is to be said. */
function firstOfEach(problems: readonly Problem[]): Problem[] {
    return [...Map.groupBy(problems, ({ path }) => path).values()].flatMap(([first]) => first ?? []);
}

/** Who writes that there is to be no TLS thinks that there is none. */
function withoutTlsProblems(read: readonly ReadRoute[]): Problem[] {
    return read.flatMap(({ withoutTls }) =>
        withoutTls === undefined
            ? []
            : [
                  {
                      path: withoutTls,
                      reason: "has no effect: paths, middlewares and TLS of other routes take all of the service through its proxy. Remove it.",
                  },
              ],
    );
}

/** A host name and path that two routes of one service claim. */
function repeatedRoutes(read: readonly ReadRoute[]): Problem[] {
    return repeatedIngress(read.map(({ route }) => route)).flatMap(({ index, first }) => {
        const [again, before] = [read[index], read[first]];
        if (again === undefined || before === undefined || again.route.hostname === "") return [];
        const place = again.route.hostname + (again.route.path ?? "");
        const reason = `claims ${JSON.stringify(place)} a second time. Give one of the routes another host name or path.`;
        return [{ path: again.label, reason }];
    });
}

/** The network that a connector joins, or what is wrong: one alone, so that a connector sees no more than it must. */
function networkOf({ networks }: LabelledService, label: Label | undefined): LabelledServiceNetwork | string {
    const overlays = networks.filter(({ driver, ingress }) => driver === "overlay" && !ingress);
    const [only, ...others] = overlays;
    if (only === undefined) {
        return "has nothing to name: the service is on no overlay network of its own. Attach it to one (`docker service update --network-add`).";
    }
    const names = overlays.map(({ name }) => name).join(", ");
    if (label !== undefined) {
        return (
            overlays.find(({ name }) => name === label.value) ??
            `${JSON.stringify(label.value)} is no overlay network of the service. Write one of ${names}.`
        );
    }
    if (others.length > 0) {
        return `is missing: the service is on ${names}, and its connector joins one. Write its name.`;
    }
    return only;
}

function byName(a: LabelledService, b: LabelledService): number {
    return a.name < b.name ? -1 : Number(a.name > b.name);
}
