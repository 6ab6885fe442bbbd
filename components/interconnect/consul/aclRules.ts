/** Rules of policies that no identity of Consul's own covers, in HCL (developer.hashicorp.com/consul/docs/security/acl/acl-rules). */

/** A mesh gateway registers itself, and reads which services there are and which sites are peered; it can change nothing. */
export const GATEWAY_RULES = `mesh = "write"
peering = "read"
agent_prefix "" {
  policy = "read"
}
node_prefix "" {
  policy = "read"
}
service "mesh-gateway" {
  policy = "write"
}
service_prefix "" {
  policy = "read"
}
`;
