/** One resource in both languages: as Pulumi's engine shows it to a pack, and as a Terraform plan has it. */
export interface TwinResource {
    readonly name: string;
    readonly type: string;
    readonly props: Readonly<Record<string, unknown>>;
    readonly terraform: { readonly type: string; readonly values: Readonly<Record<string, unknown>> };
    readonly isOpen: boolean;
}

type Kind = (isOpen: boolean) => Omit<TwinResource, "name" | "isOpen">;

const source = (isOpen: boolean) => (isOpen ? "0.0.0.0/0" : "10.0.0.0/8");

/** Kinds of resource for which Checkov has a check of its own, so that all three judge the same. */
const KINDS: readonly Kind[] = [
    (isOpen) => ({
        type: "aws:ec2/securityGroup:SecurityGroup",
        props: {
            vpcId: "vpc-1",
            ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [source(isOpen)] }],
        },
        terraform: {
            type: "aws_security_group",
            values: {
                vpc_id: "vpc-1",
                ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: [source(isOpen)] }],
            },
        },
    }),
    (isOpen) => ({
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        props: {
            type: "ingress",
            protocol: "tcp",
            fromPort: 22,
            toPort: 22,
            cidrBlocks: [source(isOpen)],
            securityGroupId: "sg-1",
        },
        terraform: {
            type: "aws_security_group_rule",
            values: {
                type: "ingress",
                protocol: "tcp",
                from_port: 22,
                to_port: 22,
                cidr_blocks: [source(isOpen)],
                security_group_id: "sg-1",
            },
        },
    }),
    (isOpen) => ({
        type: "aws:rds/instance:Instance",
        props: { engine: "postgres", instanceClass: "db.t4g.micro", publiclyAccessible: isOpen },
        terraform: {
            type: "aws_db_instance",
            values: { engine: "postgres", instance_class: "db.t4g.micro", publicly_accessible: isOpen },
        },
    }),
    (isOpen) => ({
        type: "aws:ec2/instance:Instance",
        props: { ami: "ami-1", instanceType: "t4g.micro", associatePublicIpAddress: isOpen },
        terraform: {
            type: "aws_instance",
            values: { ami: "ami-1", instance_type: "t4g.micro", associate_public_ip_address: isOpen },
        },
    }),
    (isOpen) => ({
        type: "gcp:compute/firewall:Firewall",
        props: { network: "default", sourceRanges: [source(isOpen)], allows: [{ protocol: "tcp", ports: ["22"] }] },
        terraform: {
            type: "google_compute_firewall",
            values: {
                network: "default",
                source_ranges: [source(isOpen)],
                allow: [{ protocol: "tcp", ports: ["22"] }],
            },
        },
    }),
    (isOpen) => ({
        type: "azure:network/networkSecurityRule:NetworkSecurityRule",
        props: {
            access: "Allow",
            direction: "Inbound",
            protocol: "Tcp",
            priority: 100,
            destinationPortRange: "22",
            sourceAddressPrefix: isOpen ? "*" : "10.0.0.0/8",
        },
        terraform: {
            type: "azurerm_network_security_rule",
            values: {
                access: "Allow",
                direction: "Inbound",
                protocol: "Tcp",
                priority: 100,
                destination_port_range: "22",
                source_address_prefix: isOpen ? "*" : "10.0.0.0/8",
            },
        },
    }),
];

/** The checks of Checkov's that judge these kinds, and the pack's rules that do. */
export const CHECKOV_CHECKS = ["CKV_AWS_24", "CKV_AWS_17", "CKV_AWS_88", "CKV_GCP_2", "CKV_AZURE_10"];
export const PACK_RULES = ["no-open-firewall", "no-public-endpoint", "no-public-address"];

/** Of each kind as many, of which one in ten is open. */
export function twinResources(count: number): TwinResource[] {
    return Array.from({ length: count }, (_, index) => {
        const isOpen = Math.floor(index / KINDS.length) % 10 === 0;
        const kind = KINDS[index % KINDS.length];
        if (kind === undefined) throw new Error("There are no kinds of resource.");
        return { name: `resource_${index}`, isOpen, ...kind(isOpen) };
    });
}

/** A plan as `terraform show -json` prints it (developer.hashicorp.com/terraform/internals/json-format). */
export function terraformPlan(resources: readonly TwinResource[]): string {
    const provider = (type: string) => `registry.terraform.io/hashicorp/${type.split("_")[0]}`;
    const described = resources.map(({ name, terraform: { type, values } }) => ({
        common: { address: `${type}.${name}`, mode: "managed", type, name, provider_name: provider(type) },
        values,
    }));
    return JSON.stringify({
        format_version: "1.2",
        terraform_version: "1.9.0",
        planned_values: {
            root_module: {
                resources: described.map(({ common, values }) => ({ ...common, schema_version: 0, values })),
            },
        },
        resource_changes: described.map(({ common, values }) => ({
            ...common,
            change: { actions: ["create"], before: null, after: values, after_unknown: {} },
        })),
        configuration: {
            root_module: {
                resources: described.map(({ common: { address, mode, type, name } }) => ({
                    address,
                    mode,
                    type,
                    name,
                    expressions: {},
                    schema_version: 0,
                })),
            },
        },
    });
}
