"""What `pulumi up` runs."""

from environment import environment

environment()
