import { stringify } from "yaml";

/** The text of a configuration file: the same for the same configuration, with no line folded and no node shared. */
export function toYaml(configuration: object): string {
    return stringify(configuration, { lineWidth: 0, aliasDuplicateObjects: false });
}
