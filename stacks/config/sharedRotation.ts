import type { StackFile } from "./schema.ts";

/** Gives the schedule that a stack has for all its secrets, `sallyport:rotation`, to each that has none of its own. Authorities keep to theirs: other people trust them. */
export function withSharedRotation(values: StackFile): StackFile {
    const { rotation, tunnel, proxy, federation } = values;
    if (rotation === undefined) return values;
    // Its own one comes last, so it wins.
    const scheduled = <T extends object>(one: T) => ({ rotation, ...one });
    const tokens = new Set([
        ...Object.keys(values.serviceTokens),
        ...Object.values(values.audiences).flatMap(({ serviceTokens }) => serviceTokens),
    ]);
    return {
        ...values,
        // An adopted tunnel keeps the secret that it has.
        tunnel: tunnel.adopt === undefined ? scheduled(tunnel) : tunnel,
        serviceTokens: Object.fromEntries(
            [...tokens].map((name) => [name, scheduled(values.serviceTokens[name] ?? {})]),
        ),
        proxy: scheduled(proxy),
        clusters: values.clusters.map(scheduled),
        ...(federation === undefined ? {} : { federation: { ...federation, links: federation.links.map(scheduled) } }),
    };
}
