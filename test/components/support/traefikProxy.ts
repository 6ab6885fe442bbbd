import { parse } from "yaml";
import { TraefikProxy, type TraefikProxyArgs } from "../../../components/index.ts";
import { deploy } from "../../support/mocks.ts";
import { CERTIFICATE, KEY, Token, textOf } from "../fixtures.ts";

export const grafana = { name: "grafana", hostname: "grafana.example.com", service: "http://grafana:3000" };
export const minimal: TraefikProxyArgs = {
    networkIds: ["edge", "backend"],
    certificates: [{ certPem: CERTIFICATE, keyPem: KEY }],
    routes: [grafana],
};

export function proxy(args: Partial<TraefikProxyArgs> = {}) {
    return deploy(() => new TraefikProxy("traefik", { ...minimal, ...args }));
}

export async function filesOf(args: Partial<TraefikProxyArgs> = {}) {
    const { inputsOf } = await proxy(args);
    const file = (name: string) => parse(textOf(inputsOf(Token.Config, name)));
    return { statics: file("traefik-static"), dynamic: file("traefik-dynamic") };
}
