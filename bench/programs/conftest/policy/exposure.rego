# What the policy pack's rules on these six kinds of resource demand, for a Terraform plan.
package main

import rego.v1

private := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"]

is_private(range) if {
	some known in private
	net.cidr_contains(known, range)
}

outside(ranges) if {
	some range in ranges
	not is_private(range)
}

deny contains address if {
	some change in input.resource_changes
	change.type == "aws_security_group"
	some rule in change.change.after.ingress
	outside(rule.cidr_blocks)
	address := change.address
}

deny contains address if {
	some change in input.resource_changes
	change.type == "aws_security_group_rule"
	change.change.after.type == "ingress"
	outside(change.change.after.cidr_blocks)
	address := change.address
}

deny contains address if {
	some change in input.resource_changes
	change.type == "aws_db_instance"
	change.change.after.publicly_accessible == true
	address := change.address
}

deny contains address if {
	some change in input.resource_changes
	change.type == "aws_instance"
	change.change.after.associate_public_ip_address == true
	address := change.address
}

deny contains address if {
	some change in input.resource_changes
	change.type == "google_compute_firewall"
	count(change.change.after.allow) > 0
	outside(change.change.after.source_ranges)
	address := change.address
}

deny contains address if {
	some change in input.resource_changes
	change.type == "azurerm_network_security_rule"
	after := change.change.after
	after.access == "Allow"
	after.direction == "Inbound"
	not is_inside(after.source_address_prefix)
	address := change.address
}

is_inside(prefix) if prefix in ["VirtualNetwork", "AzureLoadBalancer"]

is_inside(prefix) if is_private(prefix)
