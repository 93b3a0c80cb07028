"""The command ``bordersim``: one file per command, loaded when it is called."""

from sim.cli.command import cli, main

__all__ = ["cli", "main"]
