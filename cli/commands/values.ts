import { InvalidArgumentError } from "commander";

/** Reads a TCP port. */
export function portNumber(text: string): number {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
        throw new InvalidArgumentError(`"${text}" is not a port; write a number from 1 to 65535.`);
    }
    return port;
}

/** Reads how many of something there are to be, at least one. */
export function countOf(text: string): number {
    if (!/^[1-9]\d{0,3}$/.test(text)) {
        throw new InvalidArgumentError(`"${text}" is not a count; write a number from 1 to 9999.`);
    }
    return Number(text);
}

/** Gathers the values of an option that may be given several times. */
export function collect(value: string, before: string[]): string[] {
    return [...before, value];
}

/** Gathers `NAME=PORT`. */
export function localPort(text: string, before: Map<string, number>): Map<string, number> {
    const [, name, port] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || port === undefined) {
        throw new InvalidArgumentError(`"${text}" is not NAME=PORT; write such as orders-db=15432.`);
    }
    return new Map(before).set(name, portNumber(port));
}
