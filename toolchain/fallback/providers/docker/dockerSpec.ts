/** The engine's own words for a service (`ServiceSpec` of the Docker Engine API 1.41), as far as they are used here. */

export interface ServiceSpec {
    Name: string;
    Labels?: Record<string, string>;
    TaskTemplate: TaskTemplate;
    Mode?: ServiceMode;
    UpdateConfig?: RolloutConfig;
    RollbackConfig?: RolloutConfig;
    EndpointSpec?: EndpointSpec;
}

export interface ServiceMode {
    Replicated?: { Replicas?: number };
    Global?: Record<string, never>;
}

export interface TaskTemplate {
    ContainerSpec: ContainerSpec;
    Resources?: ResourceRequirements;
    RestartPolicy?: { Condition?: string; Delay?: number; MaxAttempts?: number; Window?: number };
    Placement?: Placement;
    ForceUpdate?: number;
    Runtime?: string;
    Networks?: { Target: string; Aliases?: string[]; DriverOpts?: Record<string, string> }[];
    LogDriver?: { Name: string; Options?: Record<string, string> };
}

export interface ContainerSpec {
    Image: string;
    Labels?: Record<string, string>;
    Command?: string[];
    Args?: string[];
    Hostname?: string;
    Env?: string[];
    Dir?: string;
    User?: string;
    Groups?: string[];
    Privileges?: Privileges;
    ReadOnly?: boolean;
    Init?: boolean;
    Mounts?: Mount[];
    StopSignal?: string;
    StopGracePeriod?: number;
    Healthcheck?: Healthcheck;
    Hosts?: string[];
    DNSConfig?: { Nameservers?: string[]; Search?: string[]; Options?: string[] };
    Secrets?: { SecretID: string; SecretName?: string; File: FileTarget }[];
    Configs?: { ConfigID: string; ConfigName?: string; File: FileTarget }[];
    Isolation?: string;
    Sysctls?: Record<string, string>;
    CapabilityAdd?: string[];
    CapabilityDrop?: string[];
}

export interface Privileges {
    CredentialSpec?: { File?: string; Registry?: string };
    SELinuxContext?: { Disable?: boolean; User?: string; Role?: string; Type?: string; Level?: string };
}

export interface FileTarget {
    Name: string;
    UID: string;
    GID: string;
    Mode: number;
}

export interface Healthcheck {
    Test?: string[];
    Interval?: number;
    Timeout?: number;
    StartPeriod?: number;
    Retries?: number;
}

export interface Mount {
    Type: string;
    Source?: string;
    Target: string;
    ReadOnly?: boolean;
    BindOptions?: { Propagation?: string };
    VolumeOptions?: {
        NoCopy?: boolean;
        Labels?: Record<string, string>;
        DriverConfig?: { Name?: string; Options?: Record<string, string> };
        Subpath?: string;
    };
    TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}

export interface ResourceRequirements {
    Limits?: { NanoCPUs?: number; MemoryBytes?: number };
    Reservations?: { NanoCPUs?: number; MemoryBytes?: number; GenericResources?: GenericResource[] };
}

export interface GenericResource {
    NamedResourceSpec?: { Kind: string; Value: string };
    DiscreteResourceSpec?: { Kind: string; Value: number };
}

export interface Placement {
    Constraints?: string[];
    Preferences?: { Spread?: { SpreadDescriptor: string } }[];
    MaxReplicas?: number;
    Platforms?: { Architecture?: string; OS?: string }[];
}

export interface RolloutConfig {
    Parallelism: number;
    Delay?: number;
    FailureAction?: string;
    Monitor?: number;
    MaxFailureRatio?: number;
    Order?: string;
}

export interface EndpointSpec {
    Mode?: string;
    Ports?: PortConfig[];
}

export interface PortConfig {
    Name?: string;
    Protocol?: string;
    TargetPort: number;
    PublishedPort?: number;
    PublishMode?: string;
}

/** A service as `GET /services/{id}` answers. */
export interface Service {
    ID: string;
    Version: { Index: number };
    Spec: ServiceSpec;
    Endpoint?: { Spec?: EndpointSpec; Ports?: PortConfig[] };
    UpdateStatus?: { State?: string; StartedAt?: string; Message?: string };
    ServiceStatus?: { RunningTasks: number; DesiredTasks: number };
}

/** A task as `GET /tasks` answers. */
export interface Task {
    ID: string;
    Slot?: number;
    Version: { Index: number };
    DesiredState: string;
    CreatedAt?: string;
    Status: { State: string; Message?: string; Err?: string; Timestamp?: string };
}
