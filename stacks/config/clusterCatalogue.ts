/** What the stack output `clusters` holds, for whoever reads it. */
export {
    type CatalogueCluster,
    CLUSTER_CATALOGUE_VERSION,
    type ClusterCatalogue,
    ClusterTunnelMode,
} from "../../components/kubernetes/catalogue.ts";
