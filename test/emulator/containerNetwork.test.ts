import { describe, expect, it } from "vitest";
import { isPrivateRange, listenInNetwork, ownAddressIn } from "../../emulator/containerNetwork.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";

const own = [
    undefined,
    { address: "127.0.0.1", internal: true },
    { address: "fd00:214::5", internal: false },
    { address: "10.0.4.7", internal: false },
    { address: "10.214.0.5", internal: false },
];

describe("the emulator in a network of containers", () => {
    it("listens at the container's own address there", () => {
        expect(ownAddressIn("10.214.0.0/24", own)).toBe("10.214.0.5");
        expect(ownAddressIn("10.0.4.7/32", own)).toBe("10.0.4.7");
        expect(ownAddressIn("fd00:214::/64", own)).toBe("fd00:214::5");
        expect(ownAddressIn("10.214.1.0/24", own)).toBeUndefined();
        expect(ownAddressIn("127.0.0.0/8", own)).toBeUndefined();
    });

    it.each(["0.0.0.0/0", "10.0.0.0/7", "203.0.113.0/24", "127.0.0.0/8", "fe80::/10", "10.214.0.5", "eth0"])(
        "takes no range that others could be in: %s",
        async (network) => {
            expect(isPrivateRange(network)).toBe(false);
            await expect(CloudflareEmulator.start({ network })).rejects.toThrow(
                "network: is not a range of private addresses, such as 10.214.0.0/24",
            );
        },
    );

    it("is refused outside a container, and where the container is in no such network", async () => {
        const answer = () => {};
        const listening = (isContainer: boolean) => listenInNetwork("10.255.255.0/28", 0, answer, isContainer);
        await expect(listening(false)).rejects.toThrow(
            "this is not a container, and elsewhere the API listens on loopback",
        );
        await expect(listening(true)).rejects.toThrow("the container has no address in 10.255.255.0/28");
    });

    it.each(["10.0.0.0/8", "172.18.0.0/16", "192.168.7.0/24", "fd00:214::/64"])(
        "takes a private range: %s",
        (network) => expect(isPrivateRange(network)).toBe(true),
    );
});
