/**
 * The part of the metadata API (https://rbuckton.github.io/reflect-metadata/) that `@peculiar/x509` asks for through
 * tsyringe. None of its classes declares constructor parameters to inject, so keeping metadata by target is all it takes.
 */
type Metadata = Map<unknown, unknown>;

const store = new WeakMap<object, Metadata>();

if (!("getMetadata" in Reflect)) {
    Object.assign(Reflect, {
        defineMetadata(key: unknown, value: unknown, target: object) {
            const metadata = store.get(target) ?? new Map();
            store.set(target, metadata.set(key, value));
        },
        getOwnMetadata: (key: unknown, target: object) => store.get(target)?.get(key),
        getMetadata(key: unknown, target: object): unknown {
            for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
                if (store.get(at)?.has(key)) {
                    return store.get(at)?.get(key);
                }
            }
            return undefined;
        },
    });
}
