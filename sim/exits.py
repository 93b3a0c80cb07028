"""Exit codes of the command, and the error that refuses an input."""

import click

DONE, INTERNAL, REFUSED, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
"""0 done, 1 internal error, 2 input refused, 3 some runs failed, 130 interrupted."""


class Refused(click.ClickException):
    """Something in the input cannot be used; the message says what and where."""

    exit_code = REFUSED

    def show(self, file: object = None) -> None:
        """Print the message, which already names its place, as it is."""
        click.echo(self.message, err=True)
