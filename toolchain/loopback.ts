import { spawnSync } from "node:child_process";
import { networkInterfaces } from "node:os";
import { ToolError } from "./errors.ts";

/** Linux ioctl numbers from `linux/sockios.h` and interface flags from `linux/if.h`. */
const SIOCSIFFLAGS = 0x8914;
const UP_AND_RUNNING = 0x1 | 0x40;

/** Commands that raise the loopback interface, tried in turn: a container often lacks the first, rarely all three. */
const RAISE: readonly (readonly [command: string, ...args: string[]])[] = [
    ["ip", "link", "set", "lo", "up"],
    [
        "python3",
        "-c",
        "import fcntl, socket, struct\n" +
            `fcntl.ioctl(socket.socket(), ${SIOCSIFFLAGS}, struct.pack("16sh22x", b"lo", ${UP_AND_RUNNING}))`,
    ],
    [
        "perl",
        "-MSocket",
        "-e",
        "socket(my $s, AF_INET, SOCK_DGRAM, 0) or die; " +
            `my $r = pack("a16sx22", "lo", ${UP_AND_RUNNING}); ioctl($s, ${SIOCSIFFLAGS}, $r) or die`,
    ],
];

/** What {@link ensureLoopback} reads of the machine and does to it; only tests give another one. */
export interface LoopbackHost {
    /** Whether 127.0.0.1 can be used. */
    isUp(): boolean;
    readonly linux: boolean;
    readonly root: boolean;
    /** Runs a command; what became of it does not matter. */
    run(command: string, args: readonly string[]): void;
}

/**
 * A loopback interface that is up. The engine and its plugins talk over 127.0.0.1, also in a run that has no network; in a
 * new network namespace (`unshare -n`) that interface is down. As root on Linux it is raised.
 *
 * @throws ToolError when it is down and cannot be raised.
 */
export function ensureLoopback(host: LoopbackHost = thisHost): void {
    if (host.isUp()) return;
    if (host.linux && host.root) {
        for (const [command, ...args] of RAISE) {
            host.run(command, args);
            if (host.isUp()) return;
        }
    }
    throw new ToolError(
        "The loopback interface is down: nothing can use 127.0.0.1, over which Pulumi talks to its plugins",
        'Run "ip link set lo up" as root, in the same network namespace.',
    );
}

const thisHost: LoopbackHost = {
    isUp: () =>
        Object.values(networkInterfaces()).some((addresses) =>
            addresses?.some(({ internal, family }) => internal && family === "IPv4"),
        ),
    linux: process.platform === "linux",
    root: process.getuid?.() === 0,
    run: (command, args) => {
        spawnSync(command, args, { stdio: "ignore", timeout: 5_000 });
    },
};
