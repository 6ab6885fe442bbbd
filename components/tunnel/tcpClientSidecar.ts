import { Container } from "@pulumi/docker/container.js";
import { Volume } from "@pulumi/docker/volume.js";
import * as pulumi from "@pulumi/pulumi";
import { WITHOUT_RIGHTS } from "../internal/container.ts";
import { checkShape } from "../internal/shape.ts";
import { type Labels, labelList, NONROOT } from "../internal/swarm.ts";
import { dockerNameProblem, hostnameProblem, imageProblem, portProblem } from "../validation/index.ts";
import { clientContainerCommand, USUAL_CONNECTIONS } from "./tcp/clientScript.ts";

const FOLDER = "/run/sallyport";
const MAX_CONNECTIONS = 1000;

/** Mebibytes that a connection takes, and that a client without any does: measured with cloudflared 2025.2, with a third to spare. */
const MEMORY = { perConnection: 16, base: 32 } as const;

export interface TcpClientSidecarArgs {
    /** Public host name of the {@link TcpApp}. */
    hostname: string;
    /** Port that is opened on the container's loopback. */
    localPort: number;
    /** Id of the container that uses the origin: the client shares its network, so both see one loopback. */
    containerId: pulumi.Input<string>;
    /** Image with `cloudflared` and busybox, its `tcpsvd` included, on its PATH, pinned. The official image has no shell, so it has to be said. */
    image: pulumi.Input<string>;
    /** What the client sends as `CF-Access-Client-Id` ({@link ServiceToken}). */
    clientId: pulumi.Input<string>;
    /** What the client sends as `CF-Access-Client-Secret`. */
    clientSecret: pulumi.Input<string>;
    /** How many connections are open at once, up to 1000; more of them wait. 30 if omitted. The container may take 16 MiB for each. */
    maxConnections?: number;
    /** Labels of what the component makes in Docker. None if omitted. */
    labels?: Record<string, pulumi.Input<string>>;
}

/**
 * The client's side of a {@link TcpApp} as a container, for a program that has no person to log in: it opens a port on the loopback of the
 * program's own container, with a service token, and publishes nothing.
 *
 * The token is a file on a volume that only the client's user can read; it stands neither in arguments nor in what
 * `docker inspect` shows. A second container, which never runs, writes it there.
 *
 * A rotated token is written in place, and each new connection takes the one that is there: none is refused, and those that are open stay so.
 * Rotate with an overlap that outlasts a deployment. Anything else that changes makes a new client container, which has the port as
 * soon as the old one is removed: for that moment, some tenths of a second, the port refuses clients, and those that are connected are cut off.
 *
 * @example
 * new TcpClientSidecar("orders-db-client", {
 *     hostname: "orders-db.example.com",
 *     localPort: 5432,
 *     containerId: app.id,
 *     image: "registry.example.com/access-client:1",
 *     clientId: token.clientId,
 *     clientSecret: token.clientSecret,
 * });
 */
export class TcpClientSidecar extends pulumi.ComponentResource {
    /** Name of the container. */
    public readonly containerName: pulumi.Output<string>;
    /** Where the program finds the origin: `127.0.0.1:5432`. */
    public readonly address: pulumi.Output<string>;

    /**
     * @param name Name of the component; the container is named after it, at most 40 characters.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TcpClientSidecarArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const clientSecret = pulumi.secret(args.clientSecret);
        // Arguments of a component are kept in the state: the secret enters them as a secret.
        super("sallyport:index:TcpClientSidecar", name, { ...args, clientSecret }, opts);

        const { hostname, localPort, image, maxConnections = USUAL_CONNECTIONS } = args;
        const labels = labelList((args.labels ?? {}) satisfies Labels);
        const volume = new Volume(`${name}-token`, { labels }, { parent: this });
        const mounted = { volumeName: volume.name, containerPath: FOLDER };
        const tokenFile = `${FOLDER}/service-token`;
        const ownerOnly = { owner: NONROOT, group: NONROOT, permissions: "0400" };
        const writer = new Container(
            `${name}-token-writer`,
            {
                image,
                volumes: [mounted],
                // One file, so that no connection finds half of one token and half of another.
                uploads: [
                    {
                        file: tokenFile,
                        content: pulumi.secret(pulumi.interpolate`${args.clientId}\n${clientSecret}`),
                        ...ownerOnly,
                    },
                ],
                // Docker makes no container without a command.
                entrypoints: ["true"],
                start: false,
                mustRun: false,
                networkMode: "none",
                ...WITHOUT_RIGHTS,
                labels,
            },
            { parent: this },
        );
        const client = new Container(
            `${name}-client`,
            {
                image,
                ...clientContainerCommand({ hostname, localPort, tokenFiles: [tokenFile], maxConnections }),
                networkMode: pulumi.interpolate`container:${args.containerId}`,
                volumes: [{ ...mounted, readOnly: true }],
                readOnly: true,
                tmpfs: { "/tmp": "" },
                ...WITHOUT_RIGHTS,
                memory: MEMORY.base + MEMORY.perConnection * maxConnections,
                restart: "unless-stopped",
                labels,
            },
            { parent: this, dependsOn: [writer] },
        );

        this.containerName = client.name;
        this.address = pulumi.output(`127.0.0.1:${localPort}`);
        this.registerOutputs({ containerName: this.containerName, address: this.address });
    }
}

function checkArgs(name: string, args: TcpClientSidecarArgs): void {
    const problems = checkShape("TcpClientSidecar", name, args);
    problems.add("name", dockerNameProblem(name));
    problems.add("hostname", hostnameProblem(args.hostname, { wildcard: false }));
    problems.add("localPort", portProblem(args.localPort));
    problems.check("image", args.image, imageProblem);
    problems.check("maxConnections", args.maxConnections, connectionsProblem);
    for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
    problems.check("containerId", args.containerId, (id) =>
        id === "" ? "is empty. Give the id of the container that uses the origin." : undefined,
    );
    problems.check("clientId", args.clientId, (id) =>
        id === "" ? 'is empty. Give the "clientId" of a ServiceToken.' : undefined,
    );
    problems.check("clientSecret", args.clientSecret, (secret) =>
        secret === "" ? 'is empty. Give the "clientSecret" of a ServiceToken.' : undefined,
    );
    problems.throwIfAny("TcpClientSidecar", name);
}

function connectionsProblem(connections: number): string | undefined {
    const fits = Number.isInteger(connections) && connections >= 1 && connections <= MAX_CONNECTIONS;
    return fits
        ? undefined
        : `${connections} is not a number of connections. Write a whole number between 1 and ${MAX_CONNECTIONS}.`;
}
