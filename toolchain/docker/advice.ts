import { installCommand } from "../debian/aptGet.ts";
import { ToolError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { DockerConnection } from "./connection.ts";

/** A connection that is not one. */
export type Unreachable = Exclude<DockerConnection, { state: "running" }>;

/** What keeps Docker from being used, as an error whose `fix` suits this machine. */
export function dockerError(connection: Unreachable, host: Host): ToolError {
    switch (connection.state) {
        case "no permission":
            return new ToolError(
                `Docker refuses this user: ${connection.endpoint} cannot be opened.`,
                permissionFix(host),
            );
        case "not installed":
            return new ToolError("Docker is not installed.", installFix(host));
        case "not running":
            return new ToolError(
                `Docker does not run: nothing answers at ${connection.endpoint} (${connection.detail}).`,
                startFix(connection, host),
            );
    }
}

function permissionFix({ platform }: Host): string {
    if (platform !== "linux") return "Start Docker Desktop as this user.";
    return 'Run "sudo usermod -aG docker $USER" and log in again, or run this command with sudo.';
}

function installFix({ platform, debian, root }: Host): string {
    if (platform === "darwin") return 'Run "brew install --cask docker" and start Docker Desktop.';
    if (platform === "win32") return 'Run "winget install Docker.DockerDesktop" and start Docker Desktop.';
    if (!debian) return "Install Docker Engine as https://docs.docker.com/engine/install/ says, and start it.";
    const command = `"${installCommand("docker.io", { root })}"`;
    return root ? `Add --yes to have it installed, or run ${command}.` : `Run ${command}.`;
}

function startFix({ endpoint }: Unreachable, { platform, systemd, root }: Host): string {
    if (process.env.DOCKER_HOST) return `Start the engine that DOCKER_HOST names (${endpoint}), or unset DOCKER_HOST.`;
    if (platform !== "linux") return "Start Docker Desktop.";
    const command = systemd ? "systemctl start docker" : "dockerd";
    return `Run "${root ? "" : "sudo "}${command}".`;
}
