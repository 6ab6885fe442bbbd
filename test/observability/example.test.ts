import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { swarmCommand } from "../../cli/commands/swarm.ts";
import { WatchMetrics } from "../../cli/swarm/watch/metrics.ts";
import { exampleFile, expressions, metricsRead, missing, readBy, rules, served } from "./expressions.ts";

const page = exampleFile("../../docs/observability.md");

describe("the rules and the dashboard of the example", () => {
    it("read metrics of the connectors, the proxies and the daemon, what the rules record, and nothing else", () => {
        const recorded = new Set(rules().map(({ record }) => record));
        const known = /^(cloudflared_|traefik_|sallyport_swarm_)/;
        const read = expressions().flatMap(readBy);
        expect(read.length).toBeGreaterThan(40);
        const others = read.filter(({ metric }) => !known.test(metric) && !recorded.has(metric) && metric !== "up");
        expect(others).toEqual([]);
    });

    it("find in the daemon every metric and label that they name", async () => {
        const state = { exposed: 1, refused: 0, violated: 0, failing: 0, waiting: 0, running: 0 };
        const metrics = new WatchMetrics(() => state);
        metrics.told({ event: "exposed", exposure: "shop-1", hostnames: [], seconds: 2 });
        expect(metricsRead("sallyport_swarm_").size).toBeGreaterThan(6);
        expect(missing("sallyport_swarm_", await metrics.text())).toEqual([]);
    });

    it("would miss a metric that was renamed and a label that was dropped", () => {
        expect(readBy('sum by (stack, service) (rate(traefik_x_total{code=~"5.."}[5m])) / y')).toEqual([
            { metric: "traefik_x_total", labels: ["code", "service"] },
            { metric: "y", labels: [] },
        ]);
        expect(served('# HELP a b\na{le="1",code="a\\"b,c=\\"d"} 2\nb 1e+09 17\n')).toEqual(
            new Map([
                ["a", new Set(["le", "code"])],
                ["b", new Set()],
            ]),
        );
        expect(missing("sallyport_swarm_changes_total", 'sallyport_swarm_changes_total{kind="x"} 1')).toEqual([
            "sallyport_swarm_changes_total{event}",
        ]);
        expect(missing("sallyport_swarm_changes_total", "")).toEqual(["sallyport_swarm_changes_total"]);
        expect(() => readBy("sum(a")).toThrow("not PromQL");
    });

    it("are tried: each alert fires in one of the tests that promtool runs", () => {
        const { tests } = parse(exampleFile("rules_test.yml")) as {
            tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
        };
        const fired = tests.flatMap(({ alert_rule_test }) =>
            alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
        );
        expect([...new Set(fired)].toSorted()).toEqual(
            rules()
                .flatMap(({ alert }) => alert ?? [])
                .toSorted(),
        );
    });

    it("have a line in the page for each alert, and the page names no other", () => {
        const alerts = rules().flatMap(({ alert }) => alert ?? []);
        const told = [...page.matchAll(/^\| `(Sallyport\w+)` \|/gm)].map(([, name]) => name);
        expect(told).toEqual(alerts);
    });
});

interface Compose {
    services: Record<
        string,
        { ports?: unknown; networks: string[]; command?: string[]; configs?: { source: string }[] }
    >;
    networks: Record<
        string,
        { external?: boolean; internal?: boolean; name?: string; ipam?: { config: { subnet: string }[] } } | null
    >;
    configs: Record<string, { file: string }>;
}

describe("the example's services", () => {
    const compose = parse(exampleFile("compose.yaml")) as Compose;
    const watch = parse(exampleFile("../swarm-watch/compose.yaml")) as Compose;

    it("publish no port, and reach nothing but who they ask", () => {
        expect(Object.values(compose.services).map(({ ports }) => ports)).toEqual([undefined, undefined]);
        const { prometheus, grafana } = compose.services;
        expect(prometheus?.networks).toEqual(["monitoring", "stack", "watch"]);
        expect(grafana?.networks).toEqual(["monitoring", "app"]);
        expect(compose.networks.monitoring).toEqual({ internal: true });
        expect(compose.networks.stack).toEqual({ external: true, name: "sallyport-staging-metrics" });
    });

    it("are given files that there are", () => {
        const files = Object.values(compose.configs).map(({ file }) => file);
        for (const file of files) expect(exampleFile(file), file).not.toBe("");
        const used = Object.values(compose.services).flatMap(({ configs = [] }) => configs.map(({ source }) => source));
        expect(used.toSorted()).toEqual(Object.keys(compose.configs).toSorted());
    });

    it("meet the daemon on its own network, in the range where it listens", () => {
        expect(compose.networks.watch).toEqual({ external: true, name: watch.networks.metrics?.name });
        expect(watch.networks.metrics).toMatchObject({ internal: true });
        const { command = [] } = watch.services.watch ?? {};
        const network = command[command.indexOf("--status-network") + 1];
        expect(watch.networks.metrics?.ipam?.config).toEqual([{ subnet: network }]);
        const options = swarmCommand()
            .commands.find((one) => one.name() === "watch")
            ?.options.map(({ long }) => long);
        expect(options).toContain("--status-network");
    });
});
