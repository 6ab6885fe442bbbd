import { type ApiPlace, apiPlaceOf, type PropertyMap } from "../../toolchain/fallback/providers/cloudflare/places.ts";
import { ApiRefusal, askApi, askApiForAll, type CloudflareApi } from "../cloudflareApi.ts";
import type { DeclaredResource } from "../reach/resources.ts";
import type { Candidate } from "./evidence.ts";
import type { Finding } from "./find.ts";
import { type ApiObject, type Kind, kindOf } from "./kinds.ts";
import { isKnown, knownIn } from "./known.ts";

/** A resource that the program declares and the state has not got, of a kind that an account may have. */
interface Wanted {
    readonly declared: DeclaredResource;
    readonly kind: Kind;
    readonly place: ApiPlace;
    /** What is known of it before anything is there. */
    readonly inputs: PropertyMap;
}

/** Finds in an account what stands where declared resources would be made. */
export class AccountSearch {
    readonly #api: CloudflareApi;
    /** By path: resources of one type stand in one list. */
    readonly #lists = new Map<string, Promise<ApiObject[]>>();

    constructor(api: CloudflareApi) {
        this.#api = api;
    }

    /** Every object in the place of one of these, whoever made it. */
    async candidates(resources: readonly DeclaredResource[]): Promise<Candidate[]> {
        const wanted = resources.flatMap(wantedOf).filter(({ place }) => !place.single);
        return (await Promise.all(wanted.map((one) => this.#inPlaceOf(one)))).flat();
    }

    /**
     * What belongs to an object and of which there is one, so that it needs no proof: whoever owns the object owns it.
     *
     * @param ids ids of the objects that were found, by URN.
     */
    async belongings(resources: readonly DeclaredResource[], ids: ReadonlyMap<string, string>): Promise<Finding[]> {
        const wanted = resources.flatMap(wantedOf).filter(({ place }) => place.single);
        const found = await Promise.all(
            wanted.map(async ({ declared, kind, place, inputs }) => {
                const owners = Object.entries(declared.dependencies).flatMap(([input, [urn = ""]]) => {
                    const id = ids.get(urn);
                    return id === undefined ? [] : [[input, id] as const];
                });
                const [[, owner] = []] = owners;
                if (owner === undefined) return [];
                const values = { ...inputs, ...Object.fromEntries(owners) };
                const isThere = await this.#isThere(place.listPath(values));
                const reason = "it belongs to what was found";
                const importId = place.importId(values, "");
                return isThere ? [{ declared, id: owner, importId, title: kind.noun, reason, isLost: false }] : [];
            }),
        );
        return found.flat();
    }

    async #inPlaceOf({ declared, kind, place, inputs }: Wanted): Promise<Candidate[]> {
        const said = place.inApiWords(inputs);
        if (kind.place.some((member) => said[member] === undefined)) return [];
        const objects = await this.#list(place.listPath(inputs), kind.query, place.idKey);
        const rivals = objects.filter(
            (object) =>
                kind.place.every((member) => object[member] === said[member]) && (kind.isRival?.(object) ?? true),
        );
        const isWhollyKnown = Object.keys(inputs).length === Object.keys(declared.props).length;
        const references = referencesOf(declared, place);
        return Promise.all(
            rivals.map(async (object) => {
                const id = String(object[place.idKey]);
                const detail = kind.detail && (await askApi(this.#api, `${place.itemPath(inputs, id)}/${kind.detail}`));
                const text = JSON.stringify([object, detail]);
                const importId = place.importId(inputs, id);
                return { declared, kind, id, importId, object, said, references, isWhollyKnown, text };
            }),
        );
    }

    #list(path: string, query: string | undefined, idKey: string): Promise<ApiObject[]> {
        const asked = query === undefined ? path : `${path}?${query}`;
        const list = this.#lists.get(asked) ?? askApiForAll<ApiObject>(this.#api, asked, idKey);
        this.#lists.set(asked, list);
        return list;
    }

    async #isThere(path: string): Promise<boolean> {
        try {
            await askApi(this.#api, path);
            return true;
        } catch (error) {
            if (error instanceof ApiRefusal && error.status === 404) return false;
            throw error;
        }
    }
}

/** What a preview does not know yet, because it comes from another resource. */
function referencesOf({ props, dependencies }: DeclaredResource, place: ApiPlace): Record<string, readonly string[]> {
    const unknown = Object.entries(dependencies).filter(([key]) => !isKnown(props[key]));
    return Object.fromEntries(
        unknown.map(([key, urns]) => [Object.keys(place.inApiWords({ [key]: null }))[0] ?? key, urns]),
    );
}

function wantedOf(declared: DeclaredResource): Wanted[] {
    const [kind, place] = [kindOf(declared.type), apiPlaceOf(declared.type)];
    return kind === undefined || place === undefined
        ? []
        : [{ declared, kind, place, inputs: knownIn(declared.props) as PropertyMap }];
}
