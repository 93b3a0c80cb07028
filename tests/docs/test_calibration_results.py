"""Blocks of the calibration page about the synthetic study: before it has run, and afterwards."""

import numpy as np
import pandas as pd
import pytest

from calibration.coverage import CHAINS, RANK_COLUMNS, SCHEMES
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, TOTAL
from docs.blocks import calibration

QUANTITIES = {
    "source.exposure": PARAMETERS,
    "residents.harbin.test_delay": LOCAL_PARAMETERS,
    "imported_carriers_stock": "imported_carriers_stock",
    TOTAL: TOTAL,
}
SETS = 40


@pytest.fixture
def shipped(monkeypatch, tmp_path):
    """Tables of a study in which every fit knows the total far too well."""
    rng = np.random.default_rng(1)
    scores, ranks = [], []
    for number in range(SETS):
        for quantity, group in QUANTITIES.items():
            sure = quantity == TOTAL
            for scheme in SCHEMES:
                if group == LOCAL_PARAMETERS and scheme != CHAINS:
                    continue
                inside = [0.0, 0.0] if sure else [float(number % 2), float(number % 10 > 0)]
                names = {"data_set": number, "scheme": scheme, "quantity": quantity, "group": group}
                found = zip(("inside_50", "inside_90"), inside, strict=True)
                scores.append({**names, "mean_rank": 0.5, **dict(found), "width_90": 0.21})
            counts = np.zeros(len(RANK_COLUMNS), int)
            counts[[0, -1][number % 2] if sure else rng.integers(len(counts))] = 1
            row = dict(zip(RANK_COLUMNS, counts.tolist(), strict=True))
            ranks.append({"data_set": number, "group": group, **row})
    for name, rows in (("SHIPPED_COVERAGE", scores), ("SHIPPED_RANKS", ranks)):
        path = tmp_path / f"{name}.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        monkeypatch.setattr(calibration, name, path)


def test_before_the_study_has_run_the_page_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(calibration, "SHIPPED_COVERAGE", tmp_path / "missing.csv")
    said = "Not run yet with the present model and priors."
    assert calibration.coverage_block() == said
    assert calibration.coverage_goals_block() == said


@pytest.mark.usefixtures("shipped")
def test_every_scheme_has_its_rows_and_the_figures_are_shown():
    block = calibration.coverage_block()
    assert block.startswith("40 synthetic epidemics.")
    assert block.count("| hybrid |") == 4
    assert block.count("| emulator |") == block.count("| best of seeds |") == 3
    assert "| 0.50 ± 0.00 | 0.50 ± 0.08 | 0.90 ± 0.05 | 0.21 |" in block
    for name in calibration.COVERAGE_FIGURES:
        assert f"(images/{name}.png)" in block


@pytest.mark.usefixtures("shipped")
def test_goals_that_are_missed_are_called_so():
    block = calibration.coverage_goals_block()
    rows = {line.split("`")[1]: line for line in block.splitlines() if line.startswith("| `")}
    assert list(rows) == list(QUANTITIES.values())
    assert "0.50 ± 0.08 | 0.90 ± 0.05 |" in rows[PARAMETERS]
    assert "missed" not in rows[PARAMETERS]
    assert rows[TOTAL].count("**missed**") == 2
    assert "0.21, at most 0.23 |" in rows[TOTAL]
    assert "0.21, at most 0.20, **missed**" in rows["imported_carriers_stock"]
    assert rows[TOTAL].endswith("intervals too narrow |")
    assert rows[PARAMETERS].endswith("no deviation found |")
    assert "least often inside 90 %" in block
    assert block.endswith("0.90.")
