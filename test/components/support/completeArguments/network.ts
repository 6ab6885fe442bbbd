import * as library from "../../../../components/index.ts";
import { ACCOUNT, TUNNEL } from "../../fixtures.ts";
import { type Example, of } from "./example.ts";

/** Components of `network/`, with every argument that they have. */
export const NETWORK_EXAMPLES: readonly Example[] = [
    ...of(
        "DeviceProfile",
        library.DeviceProfile,
        {
            accountId: ACCOUNT,
            match: 'identity.email in {"ada@example.com"}',
            precedence: 10,
            include: ["10.20.0.0/16"],
            profileName: "office",
            mayDisconnect: false,
            mayLeave: false,
        },
        { accountId: ACCOUNT, match: 'os.name == "linux"', precedence: 20, exclude: ["wiki.internal.example"] },
    ),
    ...of(
        "PrivateNetwork",
        library.PrivateNetwork,
        {
            accountId: ACCOUNT,
            tunnelId: TUNNEL,
            networks: ["10.20.0.0/16"],
            hostnames: ["wiki.internal.example"],
            grants: [
                {
                    name: "staff",
                    emails: ["ada@example.com"],
                    emailDomains: ["example.org"],
                    fromRanges: ["203.0.113.7"],
                    fromCountries: ["CH"],
                    posture: [{ anyOf: ["disk"] }],
                    networks: ["10.20.1.0/24"],
                    ports: [443],
                },
            ],
            ownVirtualNetwork: true,
            networkName: "office",
            precedence: 10_000,
        },
        {
            accountId: ACCOUNT,
            tunnelId: TUNNEL,
            networks: ["10.21.0.0/16"],
            grants: [{ name: "staff", emails: ["ada@example.com"] }],
            virtualNetworkId: TUNNEL,
        },
    ),
];
