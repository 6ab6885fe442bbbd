import type Docker from "dockerode";
import type { SourceService } from "./source.ts";
import type { TranslatedService } from "./translate.ts";

/** What is read of a service (Engine API, `GET /services`). */
interface EngineService {
    Spec: {
        Name: string;
        Labels?: Record<string, string>;
        TaskTemplate?: {
            ContainerSpec?: { Image?: string; Env?: string[]; Labels?: Record<string, string> };
            Networks?: { Target: string; Aliases?: string[] }[];
        };
    };
}

/** The services of a Swarm, as {@link SourceService}s: nothing is changed. */
export async function runningServices(engine: Pick<Docker, "listServices" | "listNetworks">): Promise<SourceService[]> {
    const [services, networks] = await Promise.all([
        engine.listServices() as Promise<unknown> as Promise<EngineService[]>,
        engine.listNetworks(),
    ]);
    const names = new Map(networks.map(({ Id, Name }) => [Id, Name]));
    return services.map(({ Spec: { Name, Labels = {}, TaskTemplate = {} } }) => {
        const { Image = "", Env = [], Labels: ofContainers = {} } = TaskTemplate.ContainerSpec ?? {};
        const { Networks = [] } = TaskTemplate;
        const labels = Object.entries({ ...ofContainers, ...Labels });
        return {
            name: Name,
            swarmName: Name,
            aliases: Networks.flatMap(({ Aliases = [] }) => Aliases),
            file: undefined,
            line: undefined,
            image: Image,
            environment: Object.fromEntries(
                Env.map((entry) => /^([^=]*)=?(.*)$/s.exec(entry)?.slice(1) ?? [entry, ""]),
            ),
            labels: labels.map(([name, value]) => ({ name, value, line: undefined })),
            networks: Networks.map(({ Target }) => names.get(Target) ?? Target),
            ports: [],
            resolve: (value: string) => value,
        };
    });
}

/** The commands that give running services their labels; whoever runs them changes the services, the import does not. */
export function updateCommands(services: readonly TranslatedService[]): string {
    const commands = services
        .filter(({ labels }) => Object.keys(labels).length > 0)
        .map(({ service, labels, replaced }) => {
            const added = Object.entries(labels).map(([name, value]) => `--label-add ${shellWord(`${name}=${value}`)}`);
            const removed = replaced.map((name) => `--label-rm ${shellWord(name)}`);
            return ["docker service update", ...added, ...removed, shellWord(service.swarmName)].join(" \\\n    ");
        });
    return commands.length === 0 ? "" : `#!/bin/sh\nset -eu\n${commands.join("\n")}\n`;
}

function shellWord(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
