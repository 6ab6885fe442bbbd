import { type HostFile, readable } from "../../internal/hostFile.ts";
import { tableOf } from "../host/firewall.ts";
import { NFT } from "../host/units.ts";
import { interfaceConfiguration, type MeshKeys, type MeshSettings } from "./configuration.ts";
import { meshFirewall } from "./firewall.ts";
import { firewallPath, type RenderedNode, renderInterface, type WireGuardForm } from "./forms.ts";
import type { MeshNode } from "./topology.ts";

/** Renders everything that a node of the mesh is set up with. */
export function renderNode(
    plans: ReadonlyMap<string, MeshNode>,
    name: string,
    settings: MeshSettings & { readonly form: WireGuardForm },
    keys: MeshKeys,
): RenderedNode {
    const plan = plans.get(name);
    if (plan === undefined) throw new Error(`${JSON.stringify(name)} is not in the mesh`);
    const configuration = interfaceConfiguration(plan, plans, settings, keys);
    const firewall = meshFirewall(plan, {
        ...settings,
        table: tableOf(settings.name),
        listenPort: configuration.listenPort,
        sources: knownSources(plan, plans),
    });
    const rendered = renderInterface(settings.form, configuration, settings);
    const forwarding = plan.relays.length === 0 ? [] : [forwardingFile(settings)];
    return {
        files: [readable(firewallPath(settings), firewall), ...forwarding, ...rendered.files],
        secretFiles: rendered.secretFiles,
        // The packet filter first: the interface is never without it.
        apply: [
            `${NFT} -f ${firewallPath(settings)}`,
            ...forwarding.map(({ path }) => `sysctl -q -p ${path}`),
            rendered.apply,
        ].join(" && "),
    };
}

/** From where a node's peers come; undefined where one of them may come from anywhere. */
function knownSources({ peers }: MeshNode, plans: ReadonlyMap<string, MeshNode>): string[] | undefined {
    const sources = [...peers.keys()].map((peer) => plans.get(peer)?.sources ?? []);
    return sources.some((ranges) => ranges.length === 0) ? undefined : [...new Set(sources.flat())].toSorted();
}

/** Linux forwards IPv6 on all interfaces or none (`ip-sysctl`); what comes from the mesh or goes there is still judged by the packet filter. */
function forwardingFile({ name, interfaceName, ranges }: MeshSettings): HostFile {
    const four = ranges.ipv4 === undefined ? [] : [`net.ipv4.conf.${interfaceName}.forwarding = 1`];
    return readable(
        `/etc/sysctl.d/60-sallyport-${name}.conf`,
        ["net.ipv6.conf.all.forwarding = 1", ...four, ""].join("\n"),
    );
}
