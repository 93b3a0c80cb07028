"""``bordersim completion``."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script for completion in SHELL.

    For bash, in ~/.bashrc: eval "$(bordersim completion bash)"; for zsh in ~/.zshrc likewise. For
    fish: bordersim completion fish > ~/.config/fish/completions/bordersim.fish
    """
    script = get_completion_class(shell)
    assert script is not None
    root = context.find_root().command
    click.echo(script(root, {}, "bordersim", "_BORDERSIM_COMPLETE").source())
