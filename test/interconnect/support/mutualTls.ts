import {
    type Federation,
    type HostFile,
    MutualTlsService,
    type MutualTlsServiceArgs,
    type ServiceHost,
    SiteAuthority,
} from "../../../components/index.ts";
import { certificateState } from "../../components/support/tlsProvider.ts";
import { deploy, promiseOf } from "../../support/mocks.ts";

/** What differs between the services of a test, beside the federation. */
export type ServiceChoice = Omit<
    MutualTlsServiceArgs,
    "federation" | "service" | "caCertPem" | "caPrivateKeyPem" | "trustBundles"
>;

/** What a service gives, once everything is known. */
export interface MadeService {
    hosts: ServiceHost[];
    secretFiles: HostFile[];
}

/**
 * Deploys the authorities of all sites, each trusting all, and the named services, with real certificates.
 *
 * @param state The state of an earlier deployment, where it goes on.
 * @throws what the program threw, then or while its outputs became known.
 */
export async function deployServices(
    federation: Federation,
    services: Readonly<Record<string, ServiceChoice>>,
    state = certificateState(),
): Promise<Record<string, MadeService>> {
    const program = () => {
        const authorities = new Map(
            federation.sites.map(({ name: site }) => [site, new SiteAuthority(site, { federation, site })]),
        );
        const trustBundles = [...authorities.values()].map((authority) => authority.trustBundles);
        return Object.entries(services).map(([service, choice]) => {
            const site = federation.services.find(({ name }) => name === service)?.site ?? "";
            const authority = authorities.get(site)?.of(service);
            if (authority === undefined) throw new Error(`no service ${service}`);
            const made = new MutualTlsService(service, { federation, service, ...authority, trustBundles, ...choice });
            return [service, made] as const;
        });
    };
    const { result, error } = await deploy(program, { create: state });
    if (error !== undefined || result === undefined) throw error;
    const known = result.map(async ([name, { hosts, secretFiles }]): Promise<[string, MadeService]> => {
        return [name, { hosts: await promiseOf(hosts), secretFiles: await promiseOf(secretFiles) }];
    });
    return Object.fromEntries(await Promise.all(known));
}
