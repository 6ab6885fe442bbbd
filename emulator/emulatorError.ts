/** What can stop the emulator from starting or from using what it was given. */
export const EmulatorErrorCode = {
    /** Another process listens on the port that was asked for. */
    PortInUse: "port-in-use",
    /** The port cannot be listened on for another reason (for example below 1024 without the right to). */
    PortUnavailable: "port-unavailable",
    /** The network of containers that was asked for is not one of this container's, or this is no container. */
    NetworkUnavailable: "network-unavailable",
    /** The state file or snapshot is not one of ours, or it was cut off. */
    StateDamaged: "state-damaged",
    /** The state file cannot be read or written. */
    StateUnavailable: "state-unavailable",
    /** An option has a value that cannot be used. */
    InvalidOption: "invalid-option",
} as const;
export type EmulatorErrorCode = (typeof EmulatorErrorCode)[keyof typeof EmulatorErrorCode];

/** A mistake or a circumstance that the caller can put right; `message` says how. */
export class EmulatorError extends Error {
    readonly code: EmulatorErrorCode;

    constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "EmulatorError";
        this.code = code;
    }
}
