"""`hotline …`: one small file a command group, imported when it is asked for."""

from importlib import import_module
from pathlib import Path

import click

HERE = Path(__file__).parent


class Commands(click.Group):
    """Each file beside this one that does not begin with an underscore is a command of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"hotline.cli.{cmd_name}"), cmd_name)
        return command


@click.command(cls=Commands)
def main() -> None:
    """A phone line for migrant workers: run it, look after it, try it."""
