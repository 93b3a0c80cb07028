"""Shell completion: the scripts, and what they ask the command."""

import subprocess
import sys

import pytest
from command import bordersim
from shipped import ROOT


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_every_shell(shell, capsys):
    assert bordersim("completion", shell) == 0
    assert f"_BORDERSIM_COMPLETE={shell}_complete" in capsys.readouterr().out


def completed(words: str) -> list[str]:
    """Return what the shell is told to offer after ``words``."""
    environment = {
        "_BORDERSIM_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-m", "sim"], capture_output=True, text=True, env=environment, cwd=ROOT
    )
    return done.stdout.split()


def test_commands_options_and_files_are_completed():
    assert completed("bordersim comp") == ["plain,compare", "plain,completion"]
    assert "plain,--until-precision" in completed("bordersim compare --un")
    assert completed("bordersim compare scen") == ["file,scen"]
