import { type Problems, plain } from "../../../internal/problems.ts";
import { checkShape } from "../../../internal/shape.ts";
import {
    dockerNameProblem,
    imageProblem,
    ipAddressProblem,
    overlappingRanges,
    portProblem,
    privateRangeProblem,
} from "../../../validation/index.ts";
import type { ProxyHost } from "../host.ts";
import { runtimeOf } from "../host.ts";
import type { ProxyListener } from "../settings.ts";
import { aliasProblem } from "./names.ts";
import { checkLabelProvider, checkSettings } from "./settings.ts";

/**
 * Checks what a proxy takes on a single machine.
 *
 * @param checkOthers Checks the arguments that only the component itself has.
 * @throws pulumi.InputPropertiesError with every mistake.
 */
export function checkHost(
    component: string,
    name: string,
    args: ProxyHost,
    checkOthers: (problems: Problems) => void,
): void {
    const problems = checkShape(component, name, args);
    problems.add("name", dockerNameProblem(name));
    if (plain(args.networks)?.length === 0) {
        problems.add("networks", "is empty. Give the networks of the connector or of the backends.");
    }
    problems.checkEach("networks", args.networks, (network: string) => dockerNameProblem(network));
    problems.check("image", args.image, imageProblem);
    problems.check("alias", args.alias, aliasProblem);
    checkOthers(problems);
    checkLabelProvider(problems, "docker", args.docker);
    if (args.listen !== undefined) checkListener(problems, args.listen, args);
    checkSettings(problems, args, runtimeOf(args));
    problems.throwIfAny(component, name);
}

function checkListener(problems: Problems, listener: ProxyListener, args: ProxyHost): void {
    const { address, allowFrom, httpsPort = 443, httpPort } = listener;
    problems.check("listen.address", address, (given) => ipAddressProblem(given) ?? addressProblem(given));
    if (allowFrom.length === 0)
        problems.add("listen.allowFrom", 'is empty. Write who may ask, such as "10.20.0.0/24".');
    problems.checkEach(
        "listen.allowFrom",
        allowFrom,
        (range: string) => privateRangeProblem(range) ?? familyProblem(range, address),
    );
    for (const { index, first } of overlappingRanges(allowFrom)) {
        if (allowFrom[index] === allowFrom[first]) continue;
        problems.add(
            `listen.allowFrom[${index}]`,
            `shares addresses with listen.allowFrom[${first}]. Write the wider one.`,
        );
    }
    problems.check("listen.httpsPort", listener.httpsPort, portProblem);
    problems.check("listen.httpPort", httpPort, portProblem);
    if (httpPort === httpsPort) problems.add("listen.httpPort", `${httpPort} is the port for HTTPS. Write another.`);
    const { dashboard, middlewares = [] } = args;
    const guards = middlewares
        .filter(({ ipAllowList, forwardAuth }) => ipAllowList ?? forwardAuth)
        .map(({ name }) => name);
    if (dashboard !== undefined && !dashboard.middlewares?.some((name) => guards.includes(name))) {
        const reason = "names nobody who asks who comes. Name a middleware with an ipAllowList or a forwardAuth.";
        problems.add("dashboard.middlewares", reason);
    }
}

function addressProblem(address: string): string | undefined {
    const quoted = JSON.stringify(address);
    if (/^[0:.]+$/.test(address))
        return `${quoted} is every address. Write the one of the interface inside the closed network.`;
    const problem = privateRangeProblem(address);
    return problem === undefined
        ? undefined
        : `${quoted} is no address of a private network. Write one such as "10.20.0.5".`;
}

function familyProblem(range: string, address: string): string | undefined {
    if (range.includes(":") === address.includes(":")) return undefined;
    return `${JSON.stringify(range)} is of another kind than the address ${JSON.stringify(address)}. Write IPv4 or IPv6 in both.`;
}
