/** Subjects and alternative names, from the arguments to `@peculiar/x509`'s forms. */
import type { JsonGeneralNames, JsonName } from "@peculiar/x509";
import type { PropertyMap } from "../../plugin/provider.ts";
import { mapOf, stringOf, stringsOf } from "./inputs.ts";

/** In the order in which Go, and so the official provider, writes them (crypto/x509/pkix `ToRDNSequence`). */
const SINGLE_ATTRIBUTES = [
    ["country", "C"],
    ["organization", "O"],
    ["organizationalUnit", "OU"],
    ["locality", "L"],
    ["province", "ST"],
    ["streetAddresses", "2.5.4.9"],
    ["postalCode", "2.5.4.17"],
    ["commonName", "CN"],
    ["serialNumber", "2.5.4.5"],
] as const;

export function subjectOf(inputs: PropertyMap): JsonName {
    const subject = mapOf(inputs, "subject");
    return SINGLE_ATTRIBUTES.flatMap(([property, attribute]) => {
        const values = property === "streetAddresses" ? stringsOf(subject, property) : [stringOf(subject, property)];
        return values.filter(Boolean).map((value) => ({ [attribute]: [value] }));
    });
}

export function alternativeNamesOf(inputs: PropertyMap): JsonGeneralNames {
    return [
        ...stringsOf(inputs, "dnsNames").map((value) => ({ type: "dns" as const, value })),
        ...stringsOf(inputs, "ipAddresses").map((value) => ({ type: "ip" as const, value })),
        ...stringsOf(inputs, "uris").map((value) => ({ type: "url" as const, value })),
    ];
}
