import { type Federation, type FederationNode, federationNodes } from "../../stacks/config/federation/read.ts";
import { CommandError, Exit } from "../exit.ts";
import { ownAddresses } from "./routes.ts";

/**
 * Which node of the federation this machine is.
 *
 * @param name as the user says; by the machine's addresses if omitted.
 * @throws CommandError (exit 2) where it is none, or cannot be told.
 */
export function thisNode(federation: Federation, name: string | undefined): FederationNode {
    const nodes = federationNodes(federation);
    const names = nodes.map((node) => node.name).join(", ");
    if (name !== undefined) {
        const named = nodes.find((node) => node.name === name);
        if (named !== undefined) return named;
        throw new CommandError(
            Exit.usage,
            `--node: "${name}" is not a node of ${federation.name}`,
            `write one of ${names}`,
        );
    }
    const own = ownAddresses();
    const here = nodes.find(({ address }) => address !== undefined && own.includes(address));
    if (here !== undefined) return here;
    throw new CommandError(
        Exit.usage,
        `no node of ${federation.name} has an address of this machine, so it is not clear which one it is`,
        `add --node with one of ${names}`,
    );
}
