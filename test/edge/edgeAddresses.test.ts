import { describe, expect, it } from "vitest";
import { EdgeAddressError, formatEdgeAddress, parseEdgeAddresses } from "../../emulator/edge/transport/addresses.ts";

/** Default route over eth0, then the machine's own network and four bridges, as the kernel writes them. */
const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
docker_gwbridge\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br-0a1b2c3d4e5f\t000013AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br-0a1b2c3d4e5f\t0000020A\t010013AC\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
br-lan\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;

function mistakesOf(...addresses: string[]): readonly string[] {
    try {
        parseEdgeAddresses(addresses, ROUTES);
    } catch (error) {
        expect(error).toBeInstanceOf(EdgeAddressError);
        return (error as EdgeAddressError).mistakes;
    }
    return [];
}

describe("edge addresses", () => {
    it("may be loopback or a Docker bridge's gateway", () => {
        const addresses = [
            "127.0.0.1:7844",
            "127.8.8.8:1",
            "[::1]:65535",
            "172.17.0.1:7844",
            "172.18.0.1:0",
            "172.19.0.1:7844",
        ];
        expect(parseEdgeAddresses(addresses, ROUTES).map(formatEdgeAddress)).toEqual(addresses);
    });

    it.each([
        ["every address", "0.0.0.0:7844"],
        ["every IPv6 address", "[::]:7844"],
        ["the machine's own address", "192.0.2.2:7844"],
        ["a bridge that is not Docker's", "10.0.0.1:7844"],
        ["a network that is only routed over Docker's bridge", "10.2.0.1:7844"],
        ["a public address", "8.8.8.8:7844"],
        ["a public address dressed as IPv6", "[::ffff:8.8.8.8]:7844"],
    ])("must not be %s", (_, address) => {
        expect(mistakesOf(address)).toEqual([
            `addresses[0]: "${address}" can be reached from outside this machine; ` +
                "use 127.0.0.1, [::1] or the gateway address of a Docker bridge",
        ]);
    });

    it.each(["localhost:7844", "127.0.0.1", "::1:7844", "[127.0.0.1]:7844", "127.0.0.1:", ":7844", "127.0.0.1:-1", ""])(
        'must be an IP address with a port, unlike "%s"',
        (address) => {
            expect(mistakesOf(address)).toEqual([
                `addresses[0]: "${address}" is not an IP address with a port; write it like 127.0.0.1:7844 or [::1]:7844`,
            ]);
        },
    );

    it("are refused with every mistake at once", () => {
        expect(mistakesOf("127.0.0.1:7844", "127.0.0.1:70000", "0.0.0.0:1", "127.0.0.1:7844")).toEqual([
            expect.stringMatching(/^addresses\[1\]: port 70000 .* out of range/),
            expect.stringMatching(/^addresses\[2\]: .* outside this machine/),
            expect.stringMatching(/^addresses\[3\]: .* is there twice/),
        ]);
        expect(mistakesOf()).toEqual(["addresses: is empty; give at least one, for example 127.0.0.1:7844"]);
    });

    it("may ask for any free port several times", () => {
        expect(parseEdgeAddresses(["127.0.0.1:0", "127.0.0.1:0"], ROUTES)).toHaveLength(2);
    });

    it("are loopback alone where the system has no such routes", () => {
        expect(parseEdgeAddresses(["127.0.0.1:7844"], "")).toHaveLength(1);
        expect(() => parseEdgeAddresses(["172.17.0.1:7844"], "")).toThrow("outside this machine");
    });
});
