# One app behind Access, through a tunnel: what `Pulumi.staging.yaml` would make of one app, in Terraform's words.
# README.md tells how to run it against the emulator.
terraform {
  required_version = ">= 1.5"
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare", version = "~> 5.0" }
    random     = { source = "hashicorp/random", version = "~> 3.6" }
  }
}

variable "base_url" {
  description = "API that is asked; Cloudflare's own if null. The emulator prints its own."
  type        = string
  default     = null
}

variable "api_token" {
  type      = string
  sensitive = true
}

variable "account_id" {
  type = string
}

variable "zone_id" {
  type = string
}

provider "cloudflare" {
  base_url  = var.base_url
  api_token = var.api_token
}

# Who may enter: people of the domain with a login, machines with a service token.

resource "cloudflare_zero_trust_access_service_token" "ci" {
  account_id = var.account_id
  name       = "staging-ci"
  duration   = "8760h"
}

resource "cloudflare_zero_trust_access_policy" "staff" {
  account_id       = var.account_id
  name             = "staging-staff"
  decision         = "allow"
  session_duration = "24h"
  include          = [{ email_domain = { domain = "example.com" } }]
}

resource "cloudflare_zero_trust_access_policy" "robots" {
  account_id       = var.account_id
  name             = "staging-robots (service tokens)"
  decision         = "non_identity"
  session_duration = "24h"
  include          = [{ service_token = { token_id = cloudflare_zero_trust_access_service_token.ci.id } }]
}

# The guard comes first, the ingress rule names its audience, the DNS record comes last: no name is published unguarded.

resource "cloudflare_zero_trust_access_application" "wiki" {
  account_id                 = var.account_id
  name                       = "staging-wiki"
  type                       = "self_hosted"
  domain                     = "wiki-staging.example.com"
  session_duration           = "24h"
  app_launcher_visible       = true
  auto_redirect_to_identity  = false
  enable_binding_cookie      = false
  http_only_cookie_attribute = true
  options_preflight_bypass   = false
  same_site_cookie_attribute = "lax"
  service_auth_401_redirect  = true
  policies = [
    { id = cloudflare_zero_trust_access_policy.staff.id, precedence = 1 },
    { id = cloudflare_zero_trust_access_policy.robots.id, precedence = 2 },
  ]
}

resource "random_password" "tunnel" {
  length  = 64
  special = false
}

resource "cloudflare_zero_trust_tunnel_cloudflared" "staging" {
  account_id    = var.account_id
  name          = "sallyport-staging"
  config_src    = "cloudflare"
  tunnel_secret = base64encode(random_password.tunnel.result)
}

resource "cloudflare_zero_trust_tunnel_cloudflared_config" "staging" {
  account_id = var.account_id
  tunnel_id  = cloudflare_zero_trust_tunnel_cloudflared.staging.id
  config = {
    ingress = [
      {
        hostname = "wiki-staging.example.com"
        service  = "tcp://wiki:3000"
        origin_request = {
          access = {
            required  = true
            team_name = "example"
            aud_tag   = [cloudflare_zero_trust_access_application.wiki.aud]
          }
        }
      },
      { service = "http_status:404" },
    ]
  }
}

resource "cloudflare_dns_record" "wiki" {
  depends_on = [cloudflare_zero_trust_tunnel_cloudflared_config.staging]

  zone_id = var.zone_id
  name    = "wiki-staging.example.com"
  type    = "CNAME"
  content = "${cloudflare_zero_trust_tunnel_cloudflared.staging.id}.cfargotunnel.com"
  proxied = true
  ttl     = 1
  comment = "Guarded by Access, aud ${cloudflare_zero_trust_access_application.wiki.aud}"
}
