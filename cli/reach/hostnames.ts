import { certainSegments, type Destination, destinations, guards, standsBefore } from "../../policy/access.ts";
import { coversHostname, ingressServes, normalise } from "../../policy/hostnames.ts";
import { answersItself, type IngressRule, ingressRules } from "../../policy/ingress.ts";
import { Token } from "../../policy/tokens.ts";
import { at, isOn, items, knownItems, text, UNKNOWN } from "../../policy/values.ts";
import { type Target, TargetKind } from "./model.ts";
import type { DeclaredResource, ResourceIndex } from "./resources.ts";
import { shownValue, titleOf } from "./selectors.ts";

/** A public host name, or a path of one, with what stands before it. */
export interface Exposure {
    readonly target: Target;
    /** The Access application of the stack that guards it; none where none does. */
    readonly guard: DeclaredResource | undefined;
    /** Audience tags of applications outside the stack whose tokens the connector demands; none where it demands none. */
    readonly demanded: readonly string[];
}

/** A rule of a tunnel's ingress document that leads somewhere. */
interface Route extends IngressRule {
    readonly tunnel: string | undefined;
}

/** A host name and the path segments below which something lies. */
interface Point extends Destination {
    /** As people read it, where the path is an expression. */
    readonly name: string;
    readonly route?: Route | undefined;
}

/**
 * Everything that is reached by a public host name: what tunnels serve, and what Access applications stand before. An application that no
 * tunnel of the stack serves is there too: another stack's may.
 */
export function exposures(index: ResourceIndex): Exposure[] {
    const routes = routesOf(index);
    const guarding = guardsOf(index);
    const served = routes.flatMap((route) => pointOf(route));
    const guarded = guarding.map(({ destination }) => ({
        ...destination,
        name: nameOf(destination),
        route: routes.find((route) => leadsTo(route, destination)),
    }));
    const points = new Map([...guarded, ...served].map((point) => [point.name, point]));
    return [...points.values()].map((point) => {
        const guard = mostSpecific(guarding.filter(({ destination }) => stands(destination, point)))?.application;
        return {
            target: targetOf(index, point, guard),
            guard,
            demanded: guard === undefined ? demandedTags(point.route) : [],
        };
    });
}

interface Guard {
    readonly application: DeclaredResource;
    readonly destination: Destination;
}

function guardsOf(index: ResourceIndex): Guard[] {
    return index
        .ofType(Token.accessApplication)
        .filter(({ props }) => standsBefore(at(props, "type")))
        .flatMap((application) => {
            const known = destinations(application).map((one) => ({ ...one, hostname: normalise(one.hostname) }));
            const isUnknown = known.length === 0 && at(application.props, "domain") === UNKNOWN;
            const named = isUnknown ? [{ hostname: `host name of ${titleOf(application)}`, path: [] }] : known;
            return named.map((destination) => ({ application, destination }));
        });
}

const TUNNEL_INGRESS = "sallyport:index:TunnelIngress";

function routesOf(index: ResourceIndex): Route[] {
    const local = index.ofType(TUNNEL_INGRESS).filter(({ props }) => at(props, "management") === "local");
    return [...documentRoutes(index), ...local.flatMap((ingress) => fileRoutes(index, ingress))];
}

/** The rules of a locally managed tunnel are no resource, but a file of its connectors: the component that writes it knows them. */
function fileRoutes(index: ResourceIndex, ingress: DeclaredResource): Route[] {
    const tunnel = tunnelOf(index, ingress);
    return knownItems(at(ingress.props, "routes")).map((route, place) => {
        const path = text(at(route, "path"));
        return {
            place: place + 1,
            last: false,
            hostname: text(at(route, "hostname")) ?? UNKNOWN,
            path: path === undefined ? undefined : below(path.split("/").slice(1)),
            service: text(at(route, "service")) ?? UNKNOWN,
            originRequest: { access: { required: true, audTags: [at(route, "audience")] } },
            tunnel,
        };
    });
}

function documentRoutes(index: ResourceIndex): Route[] {
    return index.ofType(Token.tunnelConfig).flatMap((config) => {
        const rules = ingressRules(config);
        if (rules === UNKNOWN) return [];
        const tunnel = tunnelOf(index, config);
        return rules.filter((rule) => !answersItself(rule)).map((rule) => ({ ...rule, tunnel }));
    });
}

/** The tunnel that a configuration or a private route belongs to, by its name. */
export function tunnelOf(index: ResourceIndex, owner: DeclaredResource): string | undefined {
    const id = at(owner.props, "tunnelId");
    if (id === undefined) return undefined;
    const found =
        id === UNKNOWN ? index.candidates(owner, "tunnelId", Token.tunnel)[0] : index.withId(Token.tunnel, String(id));
    return found === undefined ? shownValue(id) : titleOf(found);
}

function pointOf(route: Route): Point[] {
    const { hostname, path } = route;
    if (hostname === undefined) return [];
    const host = hostname === UNKNOWN ? `host name of ingress rule ${route.place}` : normalise(hostname);
    const expression = path === UNKNOWN ? shownValue(path) : path;
    if (expression === undefined) return [{ hostname: host, path: [], name: host, route }];
    const segments = certainSegments(expression);
    const name =
        segments.length > 0
            ? nameOf({ hostname: host, path: segments })
            : `${host} where the path matches ${expression}`;
    return [{ hostname: host, path: segments, name, route }];
}

function nameOf({ hostname, path }: Destination): string {
    return [hostname, ...path].join("/");
}

/** Whether the rule takes requests for what an application stands before; an application's wildcard is met by any name below it. */
function leadsTo({ hostname, path }: Route, destination: Destination): boolean {
    if (hostname === undefined) return true;
    if (hostname === UNKNOWN || path === UNKNOWN) return false;
    const isName = ingressServes(hostname, destination.hostname) || coversHostname(destination.hostname, hostname);
    if (!isName || path === undefined) return isName;
    return matches(path, `/${destination.path.join("/")}`);
}

/** An expression that JavaScript does not read matches nothing here: the rule is then shown by itself. */
function matches(expression: string, path: string): boolean {
    try {
        return new RegExp(expression).test(path);
    } catch (error) {
        if (error instanceof SyntaxError) return false;
        throw error;
    }
}

function stands(destination: Destination, point: Point): boolean {
    return guards(destination, point.hostname, point.path.length === 0 ? undefined : below(point.path));
}

/** The expression of an ingress rule for a path and all below it. */
function below(segments: readonly string[]): string {
    return `^/${segments.map(escaped).join("/")}(/|$)`;
}

function escaped(segment: string): string {
    return segment.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/** The longest path, then a whole name before a wildcard (developers.cloudflare.com, cloudflare-one, "Application paths"). */
function mostSpecific(candidates: readonly Guard[]): Guard | undefined {
    const rank = ({ destination }: Guard) => destination.path.length * 2 + (destination.hostname.includes("*") ? 0 : 1);
    return candidates.toSorted((one, other) => rank(other) - rank(one))[0];
}

function demandedTags(route: Route | undefined): string[] {
    const access = at(route?.originRequest, "access");
    if (!isOn(at(access, "required"))) return [];
    const tags = items(at(access, "audTags"));
    return tags === UNKNOWN ? [shownValue(tags)] : tags.map(shownValue);
}

function targetOf(index: ResourceIndex, { name, hostname, path, route }: Point, guard?: DeclaredResource): Target {
    const service = text(route?.service);
    const origin = service === undefined ? undefined : (behindProxy(index, hostname, path, service) ?? service);
    return {
        kind: kindOf(index, origin, guard),
        name,
        ...(origin === undefined ? {} : { origin }),
        ...(route?.tunnel === undefined ? {} : { tunnel: route.tunnel }),
    };
}

function kindOf(index: ResourceIndex, origin: string | undefined, guard: DeclaredResource | undefined): TargetKind {
    const component = guard === undefined ? undefined : index.parentOf(guard)?.type;
    if (component === "sallyport:index:ClusterAccess") return TargetKind.Cluster;
    const isWeb = origin === undefined ? at(guard?.props, "type") !== "ssh" : /^(https?|wss?|unix)/.test(origin);
    return isWeb ? TargetKind.Web : TargetKind.Tcp;
}

/** The service behind our proxy: its routes are arguments of the component, which a state and a plan have too. */
function behindProxy(
    index: ResourceIndex,
    hostname: string,
    path: readonly string[],
    service: string,
): string | undefined {
    const proxies = index
        .ofType("sallyport:index:TraefikProxy")
        .filter(({ props }) => hostOf(service) === text(at(props, "alias")));
    const wanted = path.length === 0 ? "" : `/${path.join("/")}`;
    const routes = proxies
        .flatMap(({ props }) => knownItems(at(props, "routes")))
        .filter((route) => at(route, "hostname") === hostname)
        .filter((route) => wanted.startsWith(text(at(route, "path")) ?? ""))
        .toSorted((one, other) => lengthOf(other) - lengthOf(one));
    return text(at(routes[0], "service"));
}

function lengthOf(route: unknown): number {
    return (text(at(route, "path")) ?? "").length;
}

function hostOf(service: string): string | undefined {
    return URL.canParse(service) ? new URL(service).hostname : undefined;
}
