/** What people are told of while they look elsewhere. */
export const NewsKind = {
    TunnelDown: "tunnel-down",
    LoginNeeded: "login-needed",
    LoginEndsSoon: "login-ends-soon",
    NewCluster: "new-cluster",
    Test: "test",
} as const;
export type NewsKind = (typeof NewsKind)[keyof typeof NewsKind];

/** Names a cluster and nothing else: why a tunnel is down, and where to log in, stay on this machine (`sallyport kube status`). */
export interface News {
    readonly event: NewsKind;
    readonly cluster: string;
}

export function newsText({ event, cluster }: News): string {
    switch (event) {
        case NewsKind.TunnelDown:
            return `The tunnel to ${cluster} is down. "sallyport kube status" says why.`;
        case NewsKind.LoginNeeded:
            return `${cluster} needs a login. Log in with "sallyport kube connect ${cluster}".`;
        case NewsKind.LoginEndsSoon:
            return `The login to ${cluster} ends soon. Renew it with "sallyport kube connect ${cluster}" when it has.`;
        case NewsKind.NewCluster:
            return `There is a new cluster: ${cluster}.`;
        case NewsKind.Test:
            return "This is how sallyport tells of Kubernetes tunnels.";
    }
}
