"""The same without Pulumi's language host for Python: `python inline.py up|destroy STACK`.

An engine that was built from source has no language hosts. Pulumi's Automation API brings the program to it instead.
"""

import sys

from pulumi import automation

from environment import environment

operation, stack_name = sys.argv[1:]
stack = automation.select_stack(
    stack_name,
    project_name="guarded-service",
    program=environment,
    opts=automation.LocalWorkspaceOptions(work_dir="."),
)
{"up": stack.up, "destroy": stack.destroy}[operation](on_output=print)
