import * as pulumi from "@pulumi/pulumi";
import { type HostFile, ownerOnly, readable } from "../internal/hostFile.ts";
import { NONROOT } from "../internal/swarm.ts";
import { folderProblem } from "../validation/index.ts";
import { composeFile } from "./traefik/composeFile.ts";
import { PROXY_ALIAS, TRAEFIK_IMAGE, withSecretKeys } from "./traefik/defaults.ts";
import { firewallRules } from "./traefik/firewall.ts";
import { type ProxyHost, runtimeOf } from "./traefik/host.ts";
import { type ProxyFile, placeProxy } from "./traefik/placement.ts";
import { DYNAMIC_PATH, HTTPS_PORT, STATIC_PATH } from "./traefik/staticConfiguration.ts";
import { checkHost } from "./traefik/validation/host.ts";

export interface TraefikFilesArgs extends ProxyHost {
    /** Folder of the machine for the files, an absolute path of letters, digits and `. _ - /`. `/etc/sallyport/<name>` if omitted. */
    folder?: string;
}

/**
 * Traefik as files for a machine that takes nothing else, with the configuration and the promises of a {@link TraefikProxy}: a Compose file,
 * Traefik's two files, its certificates and keys, and rules for nftables where it listens. Whatever manages the machine puts them there.
 *
 * @example
 * const proxy = new TraefikFiles("traefik", {
 *     networks: ["wiki"],
 *     certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
 *     routes: [{ name: "wiki", hostname: "wiki.internal.example.com", service: "https://wiki:443", caPem: ca.certPem }],
 *     listen: { address: "10.20.0.5", allowFrom: ["10.20.0.0/24"] },
 * });
 * export const files = proxy.files;
 * export const secretFiles = proxy.secretFiles;
 */
export class TraefikFiles extends pulumi.ComponentResource {
    /** `docker-compose.yml`, `traefik.yml`, `dynamic.yml`, certificates and, where the proxy listens, `firewall.nft`. Nothing in them is secret. */
    public readonly files: pulumi.Output<HostFile[]>;
    /** Secret: the private keys, which only the proxy's user may read. */
    public readonly secretFiles: pulumi.Output<HostFile[]>;
    /** Command that starts the proxy once its files are there, and after each change to them. */
    public readonly start: pulumi.Output<string>;
    /** Where the proxy answers on its networks: `https://<alias>:8443`, an origin for a {@link TunnelIngress}. */
    public readonly endpoint: pulumi.Output<string>;

    /**
     * @param name Name of the component, of its Compose project and of the files' folder.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TraefikFilesArgs, opts?: pulumi.ComponentResourceOptions) {
        checkHost("TraefikFiles", name, args, (problems) => problems.check("folder", args.folder, folderProblem));
        // Arguments of a component are kept in the state: the keys enter them as secrets.
        const safe = withSecretKeys(args);
        super("sallyport:index:TraefikFiles", name, safe, opts);

        const { listen, image = TRAEFIK_IMAGE, alias = PROXY_ALIAS } = args;
        const { folder = `/etc/sallyport/${name}` } = args;
        const onHost = (file: ProxyFile) => `${folder}/${file.name}.pem`;
        const { files, staticText, dynamicText } = placeProxy(["TraefikFiles", name], safe, runtimeOf(args));
        const mounts = new Map([
            [STATIC_PATH, `${folder}/traefik.yml`],
            [DYNAMIC_PATH, `${folder}/dynamic.yml`],
            ...files.map((file): [string, string] => [file.path, onHost(file)]),
        ]);
        const compose = pulumi
            .all([image, args.networks])
            .apply(([known, networks]) => composeFile({ name, image: known, alias, networks, mounts, listen }));
        const readables = files.filter(({ isSecret }) => !isSecret);
        const secrets = files.filter(({ isSecret }) => isSecret);

        this.files = pulumi
            .all([compose, staticText, dynamicText, pulumi.all(readables.map(({ text }) => text))])
            .apply(([composed, statics, dynamic, certificates]) => [
                readable(`${folder}/docker-compose.yml`, composed),
                readable(`${folder}/traefik.yml`, statics),
                readable(`${folder}/dynamic.yml`, dynamic),
                ...readables.map((file, index) => readable(onHost(file), certificates[index] ?? "")),
                ...(listen === undefined ? [] : [readable(`${folder}/firewall.nft`, firewallRules(name, listen))]),
            ]);
        this.secretFiles = pulumi
            .all(secrets.map(({ text }) => text))
            .apply((keys) =>
                secrets.map((file, index) => ownerOnly(onHost(file), `${NONROOT}:${NONROOT}`, keys[index] ?? "")),
            );
        // The firewall first: the proxy never listens without it.
        const firewall = listen === undefined ? "" : `nft -f ${folder}/firewall.nft && `;
        this.start = pulumi.output(
            `${firewall}docker compose -f ${folder}/docker-compose.yml up -d --wait --force-recreate`,
        );
        this.endpoint = pulumi.output(`https://${alias}:${HTTPS_PORT}`);
        this.registerOutputs({
            files: this.files,
            secretFiles: this.secretFiles,
            start: this.start,
            endpoint: this.endpoint,
        });
    }
}
