import { Container } from "@pulumi/docker/container.js";
import type { Network } from "@pulumi/docker/network.js";
import { Volume } from "@pulumi/docker/volume.js";
import type * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { type MkcertCA, MkcertCertificate } from "../../components/index.ts";
import type { Settings } from "./settings.ts";

/** Name of eLabFTW on its network, which its certificate carries. */
const WEB = "elabftw";

/** What eLabFTW's own Compose file leaves the web server, of all capabilities (elabftw/elabimg, `src/docker-compose.yml-EXAMPLE`). */
const WEB_CAPABILITIES = ["CHOWN", "SETGID", "SETUID", "FOWNER", "DAC_OVERRIDE"];

/** Where the proxy finds the notebook. */
export interface Application {
    service: string;
    serverName: string;
    caPem: pulumi.Output<string>;
}

/**
 * eLabFTW and MySQL on a network of their own. eLabFTW ends TLS itself, with a certificate of the site's authority: the last step from the
 * proxy is as encrypted and as verified as the first. Passwords are files in the containers, never variables of theirs that `docker inspect` shows.
 */
export function elabftw(settings: Settings, ca: MkcertCA, network: Network): Application {
    const password = (name: string) => new RandomPassword(name, { length: 32, special: false }).result;
    const databasePassword = password("database-password");
    const database = mysql(settings, network, { databasePassword, rootPassword: password("root-password") });
    const certificate = new MkcertCertificate("elabftw-certificate", {
        caCertPem: ca.certPem,
        caPrivateKeyPem: ca.privateKeyPem,
        dnsNames: [WEB],
    });
    // Where eLabFTW looks with ENABLE_LETSENCRYPT, whoever made them.
    const folder = `/ssl/live/${settings.hostname}`;
    const uploads = new Volume("uploads", {});
    new Container(
        "elabftw",
        {
            image: settings.image,
            ...(settings.standIns ? standInForWeb(folder) : startWeb(settings.hostname)),
            uploads: [
                file("/run/secrets/database-password", databasePassword),
                file("/run/secrets/secret-key", settings.secretKey),
                file(`${folder}/fullchain.pem`, certificate.chainPem),
                file(`${folder}/privkey.pem`, certificate.privateKeyPem),
            ],
            volumes: [{ volumeName: uploads.name, containerPath: "/elabftw/uploads" }],
            networksAdvanced: [{ name: network.name, aliases: [WEB] }],
            capabilities: { drops: ["ALL"], adds: WEB_CAPABILITIES },
            securityOpts: ["no-new-privileges"],
            restart: "unless-stopped",
        },
        { dependsOn: [database] },
    );
    return { service: `https://${WEB}:443`, serverName: WEB, caPem: ca.certPem };
}

interface DatabasePasswords {
    databasePassword: pulumi.Output<string>;
    rootPassword: pulumi.Output<string>;
}

function mysql({ mysqlImage, standIns }: Settings, network: Network, passwords: DatabasePasswords): Container {
    const data = new Volume("database", {});
    return new Container("mysql", {
        image: mysqlImage,
        ...(standIns
            ? { command: ["-port", "3306"] }
            : {
                  envs: [
                      "MYSQL_DATABASE=elabftw",
                      "MYSQL_USER=elabftw",
                      "MYSQL_PASSWORD_FILE=/run/secrets/database-password",
                      "MYSQL_ROOT_PASSWORD_FILE=/run/secrets/root-password",
                  ],
                  // Answers as soon as the server takes connections, whatever it says to this one.
                  healthcheck: { tests: ["CMD", "mysqladmin", "ping", "--silent"], interval: "5s", retries: 42 },
                  wait: true,
                  waitTimeout: 300,
              }),
        // Read by the image's own user.
        uploads: [
            { ...file("/run/secrets/database-password", passwords.databasePassword), permissions: "0444" },
            { ...file("/run/secrets/root-password", passwords.rootPassword), permissions: "0444" },
        ],
        volumes: [{ volumeName: data.name, containerPath: "/var/lib/mysql" }],
        networksAdvanced: [{ name: network.name, aliases: ["mysql"] }],
        securityOpts: ["no-new-privileges"],
        restart: "unless-stopped",
    });
}

/** eLabFTW takes its passwords from variables alone: they are set inside, before the image's own first process (s6-overlay's `/init`). */
function startWeb(hostname: string) {
    const secrets = 'DB_PASSWORD="$(cat /run/secrets/database-password)" SECRET_KEY="$(cat /run/secrets/secret-key)"';
    return {
        entrypoints: ["sh", "-euc"],
        command: [`export ${secrets}; exec /init`],
        envs: [
            "DB_HOST=mysql",
            "DB_PORT=3306",
            "DB_NAME=elabftw",
            "DB_USER=elabftw",
            "PHP_TIMEZONE=Europe/Paris",
            "TZ=Europe/Paris",
            `SITE_URL=https://${hostname}`,
            `SERVER_NAME=${hostname}`,
            "DISABLE_HTTPS=false",
            "ENABLE_LETSENCRYPT=true",
        ],
    };
}

function standInForWeb(folder: string) {
    const certificate = ["-cert", `${folder}/fullchain.pem`, "-key", `${folder}/privkey.pem`];
    return { command: ["-port", "443", "-name", "eLabFTW", ...certificate] };
}

function file(path: string, content: pulumi.Input<string>) {
    return { file: path, content, permissions: "0400" };
}
