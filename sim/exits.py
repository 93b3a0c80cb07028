"""Exit codes of the command, and the errors that end it early."""

import click

DONE, INTERNAL, REFUSED, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
MEANINGS = {
    DONE: "done",
    INTERNAL: "internal error",
    REFUSED: "input refused",
    SOME_FAILED: "some runs failed",
    INTERRUPTED: "interrupted",
}
"""What each exit code says."""


class _Ended(click.ClickException):
    """The command ends early; the message, printed as it is, says all there is to say."""

    def show(self, file: object = None) -> None:
        """Print the message as it is."""
        click.echo(self.message, err=True)


class Refused(_Ended):
    """Something in the input cannot be used; the message says what and where."""

    exit_code = REFUSED


class Interrupted(_Ended):
    """The user stopped long work; the message says what is kept."""

    exit_code = INTERRUPTED


class Incomplete(_Ended):
    """Long work could not be brought to its end; the message says why, and what is kept."""

    exit_code = SOME_FAILED
