import * as pulumi from "@pulumi/pulumi";

/** How people get to the notebook. */
export const Way = { Tunnel: "tunnel", PrivateNetwork: "private-network", Listen: "listen" } as const;
export type Way = (typeof Way)[keyof typeof Way];

/** A Cloudflare account, for the ways through a tunnel. */
export interface Account {
    accountId: string;
    zoneId: string;
    team: string;
    /** Mail domains of the people who may come. */
    emailDomains: string[];
    /** Mail addresses of those who see the dashboard. */
    admins: string[];
}

/** An address inside the closed network, for the way without a tunnel. */
export interface Inside {
    address: string;
    httpsPort?: number;
    httpPort?: number;
    /** Ranges from which people may come. */
    allowFrom: string[];
    /** Ranges from which the dashboard is seen. */
    admins: string[];
}

export interface Settings {
    way: Way;
    hostname: string;
    image: string;
    mysqlImage: string;
    /** What eLabFTW encrypts stored passwords with. */
    secretKey: pulumi.Output<string>;
    /** Whether small servers with the same names, ports and certificates stand in for eLabFTW and MySQL. */
    standIns: boolean;
    proxyImage: string | undefined;
    account: Account | undefined;
    inside: Inside | undefined;
}

/** Reads `Pulumi.<stack>.yaml`. @throws with the key that is missing or wrong. */
export function readSettings(): Settings {
    const config = new pulumi.Config();
    const way = config.require("way");
    if (!isWay(way))
        throw new Error(`elabftw:way: "${way}" is unknown. Write one of ${Object.values(Way).join(", ")}.`);
    return {
        way,
        hostname: config.require("hostname"),
        image: config.require("image"),
        mysqlImage: config.get("mysqlImage") ?? "mysql:8.0",
        secretKey: config.requireSecret("secretKey"),
        standIns: config.getBoolean("standIns") ?? false,
        proxyImage: config.get("proxyImage"),
        account: way === Way.Listen ? undefined : config.requireObject<Account>("account"),
        inside: way === Way.Listen ? config.requireObject<Inside>("inside") : undefined,
    };
}

function isWay(text: string): text is Way {
    return Object.values<string>(Way).includes(text);
}
