import { isIP } from "node:net";
import type { Mistakes } from "../mistakes.ts";
import { certificatesOf } from "./certificates.ts";

export interface HostAndPort {
    readonly host: string;
    readonly port: number | undefined;
}

/** Reads `host`, `host:port`, `[address]:port` or an address alone. */
export function hostAndPort(argument: string, text: string, mistakes: Mistakes): HostAndPort {
    if (isIP(text) !== 0) return { host: text, port: undefined };
    const {
        host = "",
        bracketed = "",
        port,
    } = /^(?:\[(?<bracketed>[^\]]+)\]|(?<host>[^\s:/]+))(?::(?<port>\d+))?$/.exec(text)?.groups ?? {};
    const name = host || bracketed;
    const number = port === undefined ? undefined : Number(port);
    const isHost = host !== "" || isIP(bracketed) === 6;
    if (!isHost) {
        mistakes.add(
            argument,
            `"${text}" is not a host. Write one such as app.example.com, 10.0.0.5:8443 or [fd00::5]:8443.`,
        );
    } else if (number !== undefined && (number < 1 || number > 65_535)) {
        mistakes.add(argument, `"${text}" has no port. Write a number from 1 to 65535.`);
    }
    return { host: name, port: number };
}

/** Reads a file of authorities. */
export function readAuthorities(
    argument: string,
    file: string,
    mistakes: Mistakes,
    read: (file: string) => string,
): string | undefined {
    try {
        const pem = read(file);
        if (certificatesOf(pem).length > 0) return pem;
        mistakes.add(argument, `"${file}" has no certificate in it. Name a PEM file, such as rootCA.pem.`);
    } catch (error) {
        mistakes.add(argument, `"${file}" cannot be read: ${error instanceof Error ? error.message : error}.`);
    }
    return undefined;
}
