/** What a row of the table says about a resource type. */
import type { CheckFailure, PropertyMap } from "../../plugin/provider.ts";
import type { Method } from "./client.ts";
import type { Naming } from "./naming.ts";

export interface RestResource {
    /**
     * Where it is created. `{accountId}` and the like are replaced by the inputs of that name; `{scope}` by `accounts/<accountId>`
     * or `zones/<zoneId>`. One of it is at `<path>/<id>`, unless `single`.
     */
    readonly path: string;
    /** Where all of them are listed, if not at `path`. */
    readonly listPath?: string;
    /** There is one of it, at `path` itself. */
    readonly single?: boolean;
    /** Member of the result or input that becomes the id. Default `id`. */
    readonly id?: string;
    /** Default `POST`. */
    readonly create?: Extract<Method, "POST" | "PUT" | "PATCH">;
    /** `PATCH` carries what has changed, `PUT` everything. Without it every change replaces. */
    readonly update?: Extract<Method, "PUT" | "PATCH">;
    /** False where the API has no delete: the last value stays. Default true. */
    readonly delete?: boolean;
    /** Default snake_case. */
    readonly naming?: Naming;
    readonly inputs: readonly string[];
    /** Outputs that are not inputs. */
    readonly outputs?: readonly string[];
    readonly replaceOnChange?: readonly string[];
    /** Inputs that the API fills in where they are left out. */
    readonly filledIn?: readonly string[];
    /** Members of an input's object that the API fills in, as paths such as `scimConfig.secret`. */
    readonly filledInside?: readonly string[];
    /** A change of any of these makes the API fill in anew; otherwise an update sends what it filled in before. */
    readonly refilledOnChange?: readonly string[];
    /** Outputs that an update may change. */
    readonly changing?: readonly string[];
    readonly secrets?: readonly string[];
    /** What only the answer to the create tells. */
    readonly toldOnce?: readonly string[];
    /** Paths that the API does not give back: a refresh keeps what is in the state. */
    readonly writeOnly?: readonly string[];
    /** Lists that are compared in a refresh although the program leaves them out: what was added by hand shows. */
    readonly watched?: readonly string[];
    /** Outputs that hold JSON as text. */
    readonly jsonText?: readonly string[];
    /** What is sent for inputs that are left out. */
    defaults?(inputs: PropertyMap): PropertyMap;
    /** The same for updates alone. */
    updateDefaults?(inputs: PropertyMap): PropertyMap;
    /** Inputs that an update does not send. */
    readonly createOnly?: readonly string[];
    check?(inputs: PropertyMap): readonly CheckFailure[];
    /** A list that has to be emptied, and seen empty, before the resource can be deleted. */
    readonly emptyBeforeDelete?: string;
}

/** `"a b c"` as a list: the tables stay readable. */
export function words(text: string): string[] {
    return text.split(" ");
}
