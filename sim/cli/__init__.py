"""Arguments in, calls out: a command is declared here and does its work in ``sim.commands``."""

from sim.cli.command import cli, main

__all__ = ["cli", "main"]
