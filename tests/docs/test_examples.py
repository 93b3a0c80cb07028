"""The Python examples of the pages run as they stand there."""

import re

import pytest
from shipped import ROOT

PAGES = ["docs/compare.md"]


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    examples = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, page, "exec"), {"__name__": "example"})
    assert "variance_ratio" in capsys.readouterr().out
