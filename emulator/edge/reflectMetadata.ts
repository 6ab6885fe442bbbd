/**
 * The three functions of the metadata reflection API (https://rbuckton.github.io/reflect-metadata/) that @peculiar/x509's
 * dependency injection demands to exist before the package is loaded. To be imported before it, for its effect alone.
 * A fuller implementation that is there already stays.
 */

type Metadata = Map<unknown, unknown>;

interface MetadataReflection {
    defineMetadata?: (key: unknown, value: unknown, target: object) => void;
    getOwnMetadata?: (key: unknown, target: object) => unknown;
    getMetadata?: (key: unknown, target: object) => unknown;
}

const reflection = Reflect as MetadataReflection;

if (reflection.getMetadata === undefined) {
    const metadata = new WeakMap<object, Metadata>();

    reflection.defineMetadata = (key, value, target) => {
        const own = metadata.get(target) ?? new Map<unknown, unknown>();
        metadata.set(target, own.set(key, value));
    };
    reflection.getOwnMetadata = (key, target) => metadata.get(target)?.get(key);
    reflection.getMetadata = (key, target) => {
        for (let holder: object | null = target; holder !== null; holder = Object.getPrototypeOf(holder)) {
            const own = metadata.get(holder);
            if (own?.has(key)) {
                return own.get(key);
            }
        }
        return undefined;
    };
}
