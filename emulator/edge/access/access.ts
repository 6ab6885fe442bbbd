import type { AccessDirectory } from "../../accessDirectory.ts";
import type { AccessGate, EdgeSite, GateDecision, GatePageRequest, GateRequest, GateResponse } from "../accessGate.ts";
import { ExternalEvaluator } from "./external/externalEvaluator.ts";
import { decide } from "./gate/decide.ts";
import { applicationsOn } from "./policy/applicationMatch.ts";
import type { AccessServices } from "./services.ts";
import { clientAuthoritiesOf } from "./session/clientCertificates.ts";
import { Sessions } from "./session/sessions.ts";
import { applicationPages } from "./site/applicationPages.ts";
import { LoginCodes } from "./site/loginCodes.ts";
import { answer, type PageApp } from "./site/pageAdapter.ts";
import { teamPages } from "./site/teamPages.ts";
import { ApplicationTokens } from "./tokens/applicationTokens.ts";
import { KeyRing } from "./tokens/keyRing.ts";
import { TokenIssuer } from "./tokens/tokenIssuer.ts";
import { transferSite } from "./transfer/transferSite.ts";
import { Transfers } from "./transfer/transfers.ts";

export interface AccessOptions {
    readonly directory: AccessDirectory;
    /** The team's name: tokens are issued by `https://<team>.cloudflareaccess.com`. */
    readonly team: string;
    /**
     * Name under which browsers reach the login pages; `<team>.cloudflareaccess.localhost` by default, which resolves to
     * loopback without any set-up.
     */
    readonly teamHost?: string | undefined;
    /** Folder that keeps the signing keys and who is logged in. Without it a restart makes new keys, and everybody has to log in again. */
    readonly stateDir?: string | undefined;
    /** The time by which tokens begin and end; the machine's own by default. */
    readonly clock?: (() => Date) | undefined;
}

/**
 * Cloudflare Access at the edge: decides about each request by the policies of the application that covers it, and
 * serves the pages on which people log in.
 *
 * @example
 * const access = await Access.start({ directory, team: "example", stateDir });
 * await using edge = await PublicEdge.start({ ...options, gate: access, sites: [access.teamSite] });
 */
export class Access implements AccessGate {
    /** The team's domain, to be served under both of its names. */
    readonly teamSite: EdgeSite;
    /** Where `cloudflared access` waits for tokens while somebody logs in with a browser. */
    readonly transferSite: EdgeSite;
    /** `<team>.cloudflareaccess.com`. */
    readonly authDomain: string;
    readonly #services: AccessServices;
    readonly #applicationPages: PageApp;

    private constructor(services: AccessServices) {
        this.#services = services;
        this.authDomain = services.authDomain;
        this.#applicationPages = applicationPages(services);
        this.transferSite = transferSite(services.transfers);
        const pages = teamPages(services);
        this.teamSite = {
            hostnames: [services.teamHost, services.authDomain],
            handle: (request) => answer(pages, request),
        };
    }

    /** @throws AccessStateError when the kept signing keys or sessions cannot be used. */
    static async start(options: AccessOptions): Promise<Access> {
        const { directory, team, stateDir, clock = () => new Date() } = options;
        const authDomain = `${team}.cloudflareaccess.com`;
        const keys = await KeyRing.open({ issuerName: authDomain, clock, stateDir });
        const sessions = await Sessions.load({ clock, stateDir });
        const tokens = new TokenIssuer({ keys, issuer: `https://${authDomain}`, clock });
        return new Access({
            directory,
            keys,
            tokens,
            applicationTokens: new ApplicationTokens(tokens, sessions, clock),
            sessions,
            codes: new LoginCodes(clock),
            transfers: new Transfers(clock),
            externalEvaluator: new ExternalEvaluator({ directory, tokens, clock }),
            clock,
            authDomain,
            teamHost: options.teamHost ?? `${team}.cloudflareaccess.localhost`,
        });
    }

    decide(request: GateRequest): Promise<GateDecision> {
        return decide(this.#services, request);
    }

    /** Access's own pages on the hostname of an application; undefined where there is none, and for paths of others. */
    async handle(request: GatePageRequest): Promise<GateResponse | undefined> {
        const isOurs = request.path.startsWith("/cdn-cgi/access/") && this.#guards(request.hostname);
        return isOurs ? answer(this.#applicationPages, request) : undefined;
    }

    asksForCertificate(hostname: string): boolean {
        return clientAuthoritiesOf(this.#services.directory, hostname).length > 0;
    }

    /** Lets the next signing key take over, as happens by itself every six weeks. */
    rotateKeys(): Promise<void> {
        return this.#services.keys.rotate();
    }

    /** An application on a path alone has its pages on the whole hostname, too. */
    #guards(hostname: string): boolean {
        return applicationsOn(this.#services.directory.applications(), hostname).length > 0;
    }
}
