"""An institution as it stands in the source, for those who want to read or write one."""

from docs.blocks.marked import ROOT

_PORT = ROOT / "sim" / "world" / "land_port.py"


def institution_block() -> str:
    """Return the rule by which a port admits people, and its agent."""
    source = _PORT.read_text("utf-8")
    rule = _from(source, "@entry\ndef step_port").partition("\n\n\n")[0]
    agent = _from(source, "class LandPort(Institution)")
    return f"```python\n{rule}\n\n\n{agent.rstrip()}\n```"


def _from(source: str, beginning: str) -> str:
    return source[source.index(beginning) :]
