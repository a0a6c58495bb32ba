"""``reconciler demo``: the main job on a sandbox, typed as a user would type it."""

import click

from ..demo.story import play
from ..local_sandbox import check_installed


@click.command("demo")
def command() -> None:
    """Show the main job on a sandbox, start to end: nothing outside this machine is touched.

    Plans and applies an example, finds that nothing is left to do, repairs what somebody changed
    by hand, and deletes what was taken out of the YAML.

    \b
    Example:
      reconciler demo
    """
    check_installed("the demo")
    play()
