import { docker } from "./cases.ts";
import type { Described } from "./judge.ts";

const STATIC = `
entryPoints:
  insecure:
    address: ":80"
    forwardedHeaders:
      insecure: true
    http:
      redirections:
        entryPoint:
          to: secure
          scheme: https
  secure:
    address: ":443"
    http:
      tls:
        options: intermediate@file
serversTransport:
  insecureSkipVerify: true
providers:
  docker:
    endpoint: "unix:///var/run/docker.sock"
    exposedByDefault: true
  file:
    directory: /etc/traefik/dynamic
    watch: true
api:
  dashboard: true
  insecure: true
  debug: true
log:
  level: DEBUG
  format: json
global:
  sendAnonymousUsage: false
`;

const DYNAMIC = `
tls:
  certificates:
    - certFile: /certs/cle-cert.pem
      keyFile: /certs/cle-key.pem
  options:
    intermediate:
      minVersion: VersionTLS12
      cipherSuites:
        - TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
        - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        - TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        - TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
        - TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
http:
  routers:
    elabftw_cnrs:
      rule: Host(\`elab.example.org\`)
      entryPoints: [insecure, secure]
      priority: 50
      service: elabftw_cnrs
      tls: {}
  services:
    elabftw_cnrs:
      loadBalancer:
        servers:
          - url: https://192.0.2.10
`;

/**
 * The reverse proxy on a closed VLAN that a CNRS tutorial builds by hand for eLabFTW, as one resource: a container with its ports and
 * mounts, and the two files of its folder `./conf`.
 */
export function closedNetworkProxy(stack: string): Described[] {
    const traefik = docker.container(
        "traefik",
        {
            name: "traefik",
            image: "traefik:v3.6",
            restart: "always",
            networksAdvanced: [{ name: "traefik_web" }],
            ports: [80, 443, 8080].map((port) => ({ internal: port, external: port })),
            volumes: [
                { hostPath: "/etc/localtime", containerPath: "/etc/localtime", readOnly: true },
                { hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" },
                { hostPath: "/srv/traefik/certs", containerPath: "/certs" },
            ],
            uploads: [
                { file: "/etc/traefik/traefik.yml", content: STATIC },
                { file: "/etc/traefik/dynamic/elabftw.yml", content: DYNAMIC },
            ],
        },
        { stack },
    );
    return [traefik, docker.network("traefik_web", { driver: "bridge" }, { stack })];
}
