/** Configuration entries (api-docs/config): intentions, mesh, exported services, defaults. */
import { isSame } from "../../../plugin/diff.ts";
import { project } from "../../../plugin/project.ts";
import { type CheckFailure, isObject, known, type PropertyMap, type Value } from "../../../plugin/provider.ts";
import { type ConsulResource, words } from "../consulResource.ts";

export const configEntries: Readonly<Record<string, ConsulResource>> = {
    ConfigEntry: {
        inputs: words("configJson kind name"),
        replaceOnChange: words("kind name"),
        // The kind `mesh` has one entry, whose body takes no name; in the path it is called as its kind.
        check: ({ kind, name, configJson }) => [
            ...missing("kind", kind),
            ...missing("name", name),
            ...jsonFailures(known(configJson)),
        ],
        create: (inputs) => ({ method: "PUT", path: "config?cas=0", body: entryOf(inputs) }),
        update: (_, inputs) => ({ method: "PUT", path: "config", body: entryOf(inputs) }),
        idOf: ({ kind, name }) => `${String(kind)}-${String(name)}`,
        path: (id) => `config/${pathOf(id)}`,
        live: ({ Kind, Name, CreateIndex, ModifyIndex, ...rest }) => ({
            kind: Kind ?? "",
            name: Name ?? Kind ?? "",
            configJson: JSON.stringify(rest),
        }),
        refreshed: (key, given, live) => (key === "configJson" ? refreshedJson(given, live) : live),
    },
};

/** Kinds with a hyphen in them are told from the name by their being known (Consul `agent/structs/config_entry.go`). */
const KINDS = words(
    "api-gateway control-plane-request-limit exported-services file-system-certificate http-route ingress-gateway inline-certificate jwt-provider mesh proxy-defaults rate-limit-ip sameness-group service-defaults service-intentions service-resolver service-router service-splitter tcp-route terminating-gateway",
);

function pathOf(id: string): string {
    const kind = KINDS.find((candidate) => id.startsWith(`${candidate}-`));
    if (kind === undefined) throw new Error(`'${id}' is no id of a configuration entry; write one like mesh-mesh`);
    return `${kind}/${encodeURIComponent(id.slice(kind.length + 1))}`;
}

function entryOf({ kind, name, configJson }: PropertyMap): PropertyMap {
    const parsed: Value = typeof configJson === "string" ? JSON.parse(configJson) : {};
    return { ...(isObject(parsed) ? parsed : {}), Kind: kind ?? "", ...(kind !== "mesh" && { Name: name ?? "" }) };
}

/** The program's own text as long as Consul has what it says, whatever Consul adds; what Consul has instead otherwise. */
function refreshedJson(given: Value, live: Value | undefined): Value | undefined {
    if (typeof given !== "string" || typeof live !== "string") return live;
    const wanted = JSON.parse(given) as Value;
    const seen = project(wanted, JSON.parse(live) as Value);
    return isSame(wanted, seen) ? given : JSON.stringify(seen);
}

function missing(property: string, value: Value | undefined): CheckFailure[] {
    const example = property === "kind" ? "service-intentions" : "the service's name, or 'mesh' for the kind 'mesh'";
    return value === undefined ? [{ property, reason: `is missing; write ${example}` }] : [];
}

function jsonFailures(text: Value | undefined): CheckFailure[] {
    if (text === undefined) return [];
    try {
        if (isObject(JSON.parse(String(text)) as Value)) return [];
    } catch {
        // Not JSON at all: the same answer.
    }
    return [{ property: "configJson", reason: "is not a JSON object; write the entry's fields as JSON" }];
}
