import { overlaps, type Range, rangeOf } from "../../addresses.ts";
import type { StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, text, UNKNOWN } from "../../values.ts";

/** The more specific of two overlapping routes takes the traffic, so one network silently loses addresses to another. */
export const routesDoNotOverlap: StackRule = {
    name: "private-routes-do-not-overlap",
    description: "Within a virtual network, each private address is routed by one route.",
    severity: "medium",
    remediationSteps: "Write each address once, or give one of the networks a virtual network of its own.",
    judgeStack: (resources) => {
        const routes = resources.filter(({ type }) => type === Token.privateRoute).flatMap(routeOf);
        return routes.flatMap(({ resource, range, virtualNetwork }, index) => {
            const first = routes
                .slice(0, index)
                .find((other) => other.virtualNetwork === virtualNetwork && overlaps(other.range, range));
            if (first === undefined) return [];
            const [own, others] = [at(resource.props, "network"), at(first.resource.props, "network")];
            return [
                {
                    resource,
                    wrong: `Route '${resource.name}' for ${shown(own)} overlaps route '${first.resource.name}' for ${shown(others)}.`,
                    instead: "Write each address once, or set another `virtualNetworkId`.",
                },
            ];
        });
    },
};

interface Route {
    resource: StackResource;
    range: Range;
    /** Id of the virtual network, or the resource that it will come from; empty for the account's default one. */
    virtualNetwork: string;
}

/** A route whose virtual network cannot be told is not compared: two of them may be apart. */
function routeOf(resource: StackResource): Route[] {
    const range = rangeOf(text(at(resource.props, "network")) ?? "");
    const id = at(resource.props, "virtualNetworkId");
    const from = (resource.propertyDependencies.virtualNetworkId ?? []).map(({ urn }) => urn).join();
    const virtualNetwork = id === UNKNOWN ? from : (text(id) ?? "");
    if (range === undefined || (id === UNKNOWN && from === "")) return [];
    return [{ resource, range, virtualNetwork }];
}
