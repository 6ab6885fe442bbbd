import { Container } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { type Labels, labelList, NONROOT } from "../internal/swarm.ts";
import { dockerNameProblem, hostnameProblem, imageProblem, portProblem } from "../validation/index.ts";
import { clientScript } from "./tcp/clientScript.ts";

const FOLDER = "/run/sallyport";

export interface TcpClientSidecarArgs {
    /** Public host name of the {@link TcpApp}. */
    hostname: string;
    /** Port that is opened on the container's loopback. */
    localPort: number;
    /** Id of the container that uses the origin: the client shares its network, so both see one loopback. */
    containerId: pulumi.Input<string>;
    /** Image with `cloudflared`, a POSIX `sh`, `cat` and `sleep` on its PATH, pinned. The official image has no shell, so it has to be said. */
    image: pulumi.Input<string>;
    /** What the client sends as `CF-Access-Client-Id` ({@link ServiceToken}). */
    clientId: pulumi.Input<string>;
    /** What the client sends as `CF-Access-Client-Secret`. */
    clientSecret: pulumi.Input<string>;
    /** Labels of the container. None if omitted. */
    labels?: Record<string, pulumi.Input<string>>;
}

/**
 * The client's side of a {@link TcpApp} as a container, for a program that has no person to log in: it opens a port on the loopback of the
 * program's own container, with a service token, and publishes nothing.
 *
 * The token is two files in the container that only its user can read; it stands neither in arguments nor in what
 * `docker inspect` shows.
 *
 * A rotated token makes a new container. It is started first and has the port as soon as the old one is removed, which serves until then with the
 * secret before: rotate with an overlap that outlasts a deployment. For that moment, some tenths of a second, the port refuses clients, and those
 * that are connected are cut off.
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

        const { hostname, localPort } = args;
        const [idFile, secretFile] = [`${FOLDER}/client-id`, `${FOLDER}/client-secret`];
        const labels: Labels = args.labels ?? {};
        const ownerOnly = { owner: NONROOT, group: NONROOT, permissions: "0400" };
        const container = new Container(
            `${name}-client`,
            {
                image: args.image,
                entrypoints: ["sh", "-euc"],
                command: [clientScript({ hostname, localPort, idFile, secretFile })],
                networkMode: pulumi.interpolate`container:${args.containerId}`,
                uploads: [
                    { file: idFile, content: args.clientId, ...ownerOnly },
                    { file: secretFile, content: clientSecret, ...ownerOnly },
                ],
                user: `${NONROOT}:${NONROOT}`,
                capabilities: { drops: ["ALL"] },
                securityOpts: ["no-new-privileges"],
                memory: 128,
                restart: "unless-stopped",
                labels: labelList(labels),
            },
            { parent: this },
        );

        this.containerName = container.name;
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
