import { type ClusterSourceConfig, ClusterSourceKind, sourceName } from "../../../stacks/config/clusterSources.ts";
import type { ClusterSource, Reading } from "./cluster.ts";
import { orLogin } from "./missingCredentials.ts";

/** What reads a source. Each library is loaded only where a source needs it. */
export function adapterFor(source: ClusterSourceConfig): ClusterSource {
    return { name: sourceName(source), kind: source.kind, read: (signal, limitMs) => read(source, signal, limitMs) };
}

async function read(source: ClusterSourceConfig, signal: AbortSignal, limitMs: number): Promise<Reading> {
    switch (source.kind) {
        case ClusterSourceKind.Stack: {
            const { readStack } = await import("./sources/stack.ts");
            return readStack(source, signal);
        }
        case ClusterSourceKind.Catalogue: {
            const { readCatalogue } = await import("./sources/catalogue.ts");
            return readCatalogue(source, signal);
        }
        case ClusterSourceKind.Eks: {
            const { readEks } = await import("./sources/eks.ts");
            return orLogin("aws sso login", readEks(source, signal));
        }
        case ClusterSourceKind.Gke: {
            const { readGke } = await import("./sources/gke.ts");
            return orLogin("gcloud auth application-default login", readGke(source, limitMs));
        }
        case ClusterSourceKind.Aks: {
            const { readAks } = await import("./sources/aks.ts");
            return orLogin("az login", readAks(source, signal));
        }
        case ClusterSourceKind.Vault: {
            const { readVault } = await import("./sources/vault.ts");
            return readVault(source, signal);
        }
    }
}
