import { TunnelState, type TunnelView } from "./session/state.ts";

/** How a tunnel is, for people. */
export function stateWords({ state, why }: Pick<TunnelView, "state" | "why">): string {
    switch (state) {
        case TunnelState.Up:
            return "up";
        case TunnelState.Connecting:
            return "connecting";
        case TunnelState.Login:
            return `login needed: ${why}`;
        case TunnelState.Down:
            return `down: ${why}; it is tried again`;
        case TunnelState.Refused:
            return `refused: ${why}`;
    }
}

/** A length of time in the largest unit that says enough. */
export function spanWords(ms: number): string {
    const seconds = Math.max(0, Math.round(ms / 1000));
    if (seconds < 120) {
        return `${seconds} s`;
    }
    const minutes = Math.round(seconds / 60);
    return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** The columns of a tunnel that every table has. */
export const TUNNEL_COLUMNS = ["CLUSTER", "LOCAL", "CLIENTS", "FOR", "LOGIN", "STATE"];

export function tunnelRow(view: TunnelView, now: number): string[] {
    const { name, port, clients, since, loginEnds } = view;
    const login = loginEnds === undefined ? "" : `${spanWords(loginEnds - now)} left`;
    return [name, `127.0.0.1:${port}`, String(clients), spanWords(now - since), login, stateWords(view)];
}
