import ipaddr from "ipaddr.js";
import { Token } from "../../policy/tokens.ts";
import { at, items, knownItems, text, UNKNOWN } from "../../policy/values.ts";
import { readIdentity, readPosture, readTraffic, type Traffic } from "./gatewayRules.ts";
import { tunnelOf } from "./hostnames.ts";
import { type Condition, type Grant, type Selector, SelectorKind, type Target, TargetKind, type Way } from "./model.ts";
import type { DeclaredResource, ResourceIndex } from "./resources.ts";
import { shownValue, titleOf, unknownSelector } from "./selectors.ts";

const HOSTNAME_ROUTE = "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute";
const VIRTUAL_NETWORK =
    "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork";
const PRIVATE_NETWORK = "sallyport:index:PrivateNetwork";

/** A device with Cloudflare's client needs no other login for a private network. */
const SESSION = "while the device is enrolled";

/** What a tunnel carries into a private network: a range of addresses, or a host name. */
interface Route {
    readonly resource: DeclaredResource;
    readonly kind: typeof TargetKind.Network | typeof TargetKind.PrivateHostname;
    readonly name: string;
    readonly tunnel: string | undefined;
    /** Id of the virtual network, or its resource while it has none; undefined for the account's default one. */
    readonly virtualNetwork: string | DeclaredResource | undefined;
}

/** One of Gateway's rules, in the order in which they are asked. */
interface Rule {
    readonly resource: DeclaredResource;
    readonly title: string;
    readonly allows: boolean;
    readonly traffic: Traffic;
    readonly who: readonly Selector[];
    readonly posture: readonly Condition[];
}

/**
 * Who reaches what of the private networks. Gateway takes the first rule that matches and lets through what none matches
 * (developers.cloudflare.com, cloudflare-one, "Network policies"): a network that no rule of the stack refuses is open to every device.
 */
export function privateGrants(index: ResourceIndex): { targets: Target[]; grants: Grant[] } {
    const found = routesOf(index).map((route) => ({ route, grants: grantsOn(index, route) }));
    return {
        targets: found.flatMap(({ route, grants }) => [targetOf(route), ...grants.map(({ target }) => target)]),
        grants: found.flatMap(({ grants }) => grants),
    };
}

function routesOf(index: ResourceIndex): Route[] {
    const ranges = index.ofType(Token.privateRoute).map((resource) => ({
        resource,
        kind: TargetKind.Network,
        name: shownValue(at(resource.props, "network")),
        tunnel: tunnelOf(index, resource),
        virtualNetwork: virtualNetworkOf(index, resource),
    }));
    const names = index.ofType(HOSTNAME_ROUTE).map((resource) => ({
        resource,
        kind: TargetKind.PrivateHostname,
        name: shownValue(at(resource.props, "hostname")),
        tunnel: tunnelOf(index, resource),
        virtualNetwork: undefined,
    }));
    return [...ranges, ...names];
}

function virtualNetworkOf(index: ResourceIndex, route: DeclaredResource): Route["virtualNetwork"] {
    const id = at(route.props, "virtualNetworkId");
    if (id === UNKNOWN) return index.candidates(route, "virtualNetworkId", VIRTUAL_NETWORK)[0];
    return id === undefined ? undefined : (index.withId(VIRTUAL_NETWORK, String(id)) ?? String(id));
}

function targetOf({ kind, name, tunnel, virtualNetwork }: Route, part = name, ports: readonly string[] = []): Target {
    const network = typeof virtualNetwork === "object" ? titleOf(virtualNetwork) : virtualNetwork;
    const where = network === undefined ? "" : ` in the virtual network ${network}`;
    const which = ports.length === 0 ? "" : ` port${ports.length > 1 ? "s" : ""} ${ports.join(", ")}`;
    return { kind, name: `${part}${which}${where}`, ...(tunnel === undefined ? {} : { tunnel }) };
}

function grantsOn(index: ResourceIndex, route: Route): Grant[] {
    const rules = rulesFor(index, route);
    const grants: Grant[] = [];
    const refused: Condition[] = [];
    for (const rule of rules) {
        if (rule.allows) {
            const conditions = [...rule.traffic.conditions, ...rule.posture, ...refused];
            grants.push(...grantsBy(route, rule, { rule: `rule ${rule.title}`, session: SESSION, conditions }));
        } else if (refusesAll(rule, route)) {
            return grants;
        } else {
            refused.push({ demand: "except", anyOf: [refusalOf(rule)] });
        }
    }
    const way = { rule: "no rule of Gateway refuses it", session: SESSION, conditions: refused };
    return [...grants, { who: { kind: SelectorKind.Device, value: "" }, target: targetOf(route), ways: [way] }];
}

function grantsBy(route: Route, { traffic, who }: Rule, way: Way): Grant[] {
    const parts = route.kind === TargetKind.Network ? overlaps(traffic.networks, route.name) : [route.name];
    const targets = parts.map((part) => targetOf(route, part, traffic.ports));
    return targets.flatMap((target) => who.map((one) => ({ who: one, target, ways: [way] })));
}

/** The rules about a route, as Gateway asks them: by precedence. */
function rulesFor(index: ResourceIndex, route: Route): Rule[] {
    const filter = route.kind === TargetKind.Network ? "l4" : "dns";
    return index
        .ofType(Token.gatewayPolicy)
        .filter(({ props }) => at(props, "enabled") !== false && hasFilter(props, filter))
        .toSorted((one, other) => precedenceOf(one) - precedenceOf(other))
        .map((resource) => ruleOf(index, resource))
        .filter(({ traffic, resource }) => isAbout(traffic, resource, route));
}

function hasFilter(props: unknown, filter: string): boolean {
    const filters = items(at(props, "filters"));
    return filters === UNKNOWN || filters.length === 0 || filters.includes(filter);
}

function precedenceOf({ props }: DeclaredResource): number {
    const precedence = at(props, "precedence");
    return typeof precedence === "number" ? precedence : Number.MAX_SAFE_INTEGER;
}

function ruleOf(index: ResourceIndex, resource: DeclaredResource): Rule {
    const { props } = resource;
    const [traffic, identity, posture] = [at(props, "traffic"), at(props, "identity"), at(props, "devicePosture")];
    return {
        resource,
        title: titleOf(resource),
        allows: at(props, "action") === "allow",
        traffic: traffic === UNKNOWN ? plannedTraffic(index, resource) : readTraffic(text(traffic) ?? ""),
        who: whoBy(resource, identity),
        posture:
            posture === UNKNOWN
                ? index
                      .dependenciesOf(resource, "devicePosture", Token.postureRule)
                      .map((one) => ({ demand: "only", anyOf: [{ kind: SelectorKind.Posture, value: titleOf(one) }] }))
                : readPosture(text(posture) ?? "", (id) => {
                      const rule = index.withId(Token.postureRule, id);
                      return rule === undefined ? id : titleOf(rule);
                  }),
    };
}

function whoBy(resource: DeclaredResource, identity: unknown): Selector[] {
    if (identity === UNKNOWN) return [unknownSelector(resource)];
    const selectors = readIdentity(text(identity) ?? "");
    return selectors.length === 0 ? [{ kind: SelectorKind.Device, value: "" }] : selectors;
}

/**
 * The traffic of a rule that names a virtual network which is not there yet: the engine knows nothing of such an expression. The arguments
 * of the component that makes the rule say what it will be.
 */
function plannedTraffic(index: ResourceIndex, resource: DeclaredResource): Traffic {
    const parent = index.parentOf(resource);
    if (parent?.type !== PRIVATE_NETWORK) {
        return { conditions: [{ demand: "only", anyOf: [unknownSelector(resource)] }] };
    }
    const grants = knownItems(at(parent.props, "grants"));
    const grant = grants.find((one) => resource.name.endsWith(`-${text(at(one, "name")) ?? ""}`));
    const list = (owner: unknown, property: string) => knownItems(at(owner, property)).map(String);
    const own = list(grant, "networks");
    const ports = list(grant, "ports");
    const narrowed = (property: string, kind: SelectorKind): Condition[] => {
        const values = list(grant, property);
        return values.length === 0 ? [] : [{ demand: "only", anyOf: values.map((value) => ({ kind, value })) }];
    };
    const conditions = [
        ...narrowed("fromRanges", SelectorKind.IpRange),
        ...narrowed("fromCountries", SelectorKind.Country),
    ];
    if (hasFilter(resource.props, "dns")) return { hostnames: list(parent.props, "hostnames"), conditions };
    const networks = own.length > 0 ? own : list(parent.props, "networks");
    return { networks, ...(ports.length > 0 && { ports }), conditions };
}

function isAbout({ networks, hostnames, virtualNetwork }: Traffic, rule: DeclaredResource, route: Route): boolean {
    if (route.kind === TargetKind.PrivateHostname) {
        return hostnames === undefined || hostnames.some((name) => name.toLowerCase() === route.name.toLowerCase());
    }
    // A rule that waits for its virtual network is about the routes of the component that makes both.
    if (at(rule.props, "traffic") === UNKNOWN && rule.parent !== route.resource.parent) return false;
    const own = typeof route.virtualNetwork === "object" ? route.virtualNetwork.id : route.virtualNetwork;
    return (virtualNetwork === undefined || virtualNetwork === own) && overlaps(networks, route.name).length > 0;
}

/** Whether nobody reaches the route whom no earlier rule lets through. */
function refusesAll({ who, posture, traffic }: Rule, route: Route): boolean {
    const isAboutAll = traffic.ports === undefined && traffic.conditions.length === 0 && posture.length === 0;
    const isForAll = who.every(({ kind }) => kind === SelectorKind.Device);
    const covers = route.kind !== TargetKind.Network || overlaps(traffic.networks, route.name).includes(route.name);
    return isAboutAll && isForAll && covers;
}

function refusalOf({ title, who, traffic, posture }: Rule): Selector {
    const [only, ...others] = who;
    const isPlain = traffic.conditions.length + posture.length === 0 && traffic.ports === undefined;
    return isPlain && only !== undefined && others.length === 0 && only.kind !== SelectorKind.Device
        ? only
        : { kind: SelectorKind.Expression, value: `rule ${title} refuses it` };
}

/** The parts of a route that networks cover: those within it, and all of it where one covers it. */
function overlaps(networks: readonly string[] | undefined, route: string): string[] {
    if (networks === undefined || networks.some((network) => isWithin(route, network))) return [route];
    return networks.filter((network) => isWithin(network, route));
}

/** Whether an address or range lies within another; what cannot be read lies within nothing but itself. */
export function isWithin(inner: string, outer: string): boolean {
    if (inner === outer) return true;
    const [one, other] = [rangeOf(inner), rangeOf(outer)];
    if (one === undefined || other === undefined || one[0].kind() !== other[0].kind()) return false;
    return one[1] >= other[1] && one[0].match(other[0], other[1]);
}

function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
    if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
    if (!ipaddr.isValid(text)) return undefined;
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
}
