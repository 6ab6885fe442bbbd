/** A network that a Swarm service is attached to. */
export interface LabelledServiceNetwork {
    /** Id of the network. */
    id: string;
    /** Name of the network, such as `shop_default`. */
    name: string;
    /** Driver, such as `overlay`. */
    driver: string;
    /** Whether the network has no way out. */
    internal: boolean;
    /** Whether it is the routing mesh, which carries published ports. */
    ingress: boolean;
}

/** A service of a Docker Swarm as its engine tells it, with the labels that say how it is to be reached. */
export interface LabelledService {
    /** Id of the service. */
    id: string;
    /** Name of the service, such as `shop_web`. */
    name: string;
    /** Labels of the service itself (`deploy.labels` in a stack file), never those of its containers. */
    labels: Record<string, string>;
    /** Networks that its tasks are attached to. */
    networks: LabelledServiceNetwork[];
    /** When the service was made, in RFC 3339. */
    createdAt: string;
}

/** Labels with which Sallyport marks what it made itself. A service that carries one is none that asks to be exposed. */
export const OWN_LABELS = { stack: "sallyport.stack", exposure: "sallyport.exposure" } as const;
