import type { Violation } from "../../engine/events.ts";

/** What is made for one labelled service, as it was left. */
export interface KnownExposure {
    /** Name of the exposure. */
    readonly name: string;
    /** The service that it was made for. */
    readonly serviceId: string;
    /** Host names that it publishes or may publish. */
    readonly hostnames: readonly string[];
    /** Digest of what it was made from; undefined where it is not known to be complete. */
    readonly digest?: string | undefined;
}

/** What became of bringing an exposure up. */
export interface UpOutcome {
    /** What the policy pack does not allow; where any of it is mandatory, nothing was changed. */
    readonly violations: readonly Violation[];
}

/** What the labels of one service ask for, and may. */
export interface WantedExposure extends KnownExposure {
    /** Of all that it is made from: other labels, another configuration and another version have another one. */
    readonly digest: string;
    /** Makes it so; where the signal is given it stops in order. @throws when the engine or a service fails, or it was stopped. */
    up(signal: AbortSignal): Promise<UpOutcome>;
}

/** A labelled service that is not exposed at all. */
export interface Refused {
    readonly service: string;
    /** Everything that is wrong, each by the label it is about. */
    readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

/** What the labels of a Swarm come to under the rules of the stack. */
export interface Verdict {
    readonly wanted: readonly WantedExposure[];
    readonly refused: readonly Refused[];
}

/** The exposures that labels ask for, and those that exist, each a small Pulumi stack of its own. */
export interface Exposures {
    /** Those that exist, also of services that are gone. */
    list(): Promise<readonly KnownExposure[]>;
    /** @param held host names that are published already, with the id of the service behind each. */
    wanted(held: ReadonlyMap<string, string>): Promise<Verdict>;
    /** Takes all of one away, the public name first; what is not there is no mistake. @throws like {@link WantedExposure.up}. */
    remove(name: string, signal: AbortSignal): Promise<void>;
}
