import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { WatchEvent } from "./report.ts";
import type { WatcherState } from "./watcher.ts";

/** Seconds that a change of an exposure takes: the engine alone two or three, connectors that must be pulled minutes. */
const SECONDS = [1, 2, 3, 5, 8, 13, 30, 60, 120, 300];

/** The events of the daemon that are counted; each is one value of the label `event`, so that there are never more. */
const COUNTED: readonly WatchEvent["event"][] = [
    "exposed",
    "removed",
    "violated",
    "failed",
    "refused",
    "stream-lost",
    "listing-failed",
];

/**
 * What the daemon measures of itself, in Prometheus's form. No label takes a value that a service or a person chose: their number has no bound, and
 * host names are nobody's business who merely reads metrics.
 */
export class WatchMetrics {
    readonly #registry = new Registry();
    readonly #events = this.#counter("engine_events_total", "Events of the Docker engine that woke the daemon");
    readonly #told = new Counter({
        name: "sallyport_swarm_changes_total",
        help: "What became of exposures and of the daemon's own work",
        labelNames: ["event"] as const,
        registers: [this.#registry],
    });
    readonly #duration = new Histogram({
        name: "sallyport_swarm_change_seconds",
        help: "How long a change of an exposure took",
        labelNames: ["event"] as const,
        buckets: SECONDS,
        registers: [this.#registry],
    });
    readonly #listings = this.#counter("listings_total", "Listings of the services that succeeded");

    /** @param state read when metrics are asked for. */
    constructor(state: () => WatcherState) {
        // The delay of the event loop is measured by a timer: once a second, an idle process stays idle.
        collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 1_000 });
        for (const event of COUNTED) this.#told.inc({ event }, 0);
        this.#gauge("exposures", "Exposures that are as their labels ask", () => state().exposed);
        this.#gauge("services_refused", "Services whose labels are refused", () => state().refused);
        this.#gauge("exposures_violated", "Exposures whose change the policy pack refuses", () => state().violated);
        this.#gauge("exposures_failing", "Exposures whose change failed and is tried again", () => state().failing);
        this.#gauge("changes_waiting", "Changes that wait for their turn", () => state().waiting);
        this.#gauge("changes_running", "Changes under way", () => state().running);
    }

    /** The metrics as Prometheus reads them. */
    text(): Promise<string> {
        return this.#registry.metrics();
    }

    /** Media type of {@link text}. */
    get contentType(): string {
        return this.#registry.contentType;
    }

    engineEvent(): void {
        this.#events.inc();
    }

    listed(): void {
        this.#listings.inc();
    }

    told(event: WatchEvent): void {
        if (COUNTED.includes(event.event)) this.#told.inc({ event: event.event });
        if ("seconds" in event) this.#duration.observe({ event: event.event }, event.seconds);
    }

    #counter(name: string, help: string): Counter {
        return new Counter({ name: `sallyport_swarm_${name}`, help, registers: [this.#registry] });
    }

    #gauge(name: string, help: string, value: () => number): void {
        new Gauge({
            name: `sallyport_swarm_${name}`,
            help,
            registers: [this.#registry],
            collect() {
                this.set(value());
            },
        });
    }
}
