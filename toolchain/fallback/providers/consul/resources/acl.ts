/** Policies, roles and tokens of Consul's access control (api-docs/acl). */
import { isObject, type PropertyMap, type Value } from "../../../plugin/provider.ts";
import { type ConsulResource, words } from "../consulResource.ts";
import { fromWire, toWire } from "../naming.ts";

/** One of the three: alike but for their inputs, and for what links to others by name. */
function aclResource(kind: string, inputs: readonly string[], rest: Partial<ConsulResource> = {}): ConsulResource {
    const body = (values: PropertyMap) => toWire(linked(values));
    return {
        inputs,
        replaceOnChange: [],
        create: (values) => ({ method: "PUT", path: `acl/${kind}`, body: body(values) }),
        update: (id, values) => ({ method: "PUT", path: `acl/${kind}/${id}`, body: body(values) }),
        idOf: (_, answer) => String(answer.ID ?? answer.AccessorID),
        path: (id) => `acl/${kind}/${id}`,
        live: (answer) => unlinked(fromWire(answer)),
        ...rest,
    };
}

export const acl: Readonly<Record<string, ConsulResource>> = {
    AclPolicy: aclResource("policy", words("datacenters description name rules")),
    AclRole: aclResource("role", words("description name nodeIdentities policies serviceIdentities templatedPolicies")),
    AclToken: aclResource(
        "token",
        words(
            "accessorId description expirationTime local nodeIdentities policies roles serviceIdentities templatedPolicies",
        ),
        { outputs: ["accessorId"], replaceOnChange: words("accessorId expirationTime local") },
    ),
};

const LINKS = ["policies", "roles"] as const;

/** Consul links policies and roles as objects; a program names them. */
function linked(values: PropertyMap): PropertyMap {
    return mapLinks(values, (name) => ({ name }));
}

function unlinked(values: PropertyMap): PropertyMap {
    return mapLinks(values, (link) => (isObject(link) ? (link.name ?? "") : link));
}

function mapLinks(values: PropertyMap, map: (link: Value) => Value): PropertyMap {
    const links = LINKS.flatMap((key) => {
        const list = values[key];
        return Array.isArray(list) ? [[key, list.map(map)] as const] : [];
    });
    return { ...values, ...Object.fromEntries(links) };
}
