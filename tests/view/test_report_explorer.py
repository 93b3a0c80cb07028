"""What the explorer of a sweep is given."""

import json
import re

import numpy as np
import pandas as pd
from report_folders import page_in

from sim.view.outcome_words import amount
from sim.view.report.explorer import explorer_of
from sim.view.report.folder import read_folder

pytest_plugins = ["report_fixture"]


def _explorer_in(folder):
    (found,) = re.findall(r'id="explorer-data">(.*?)</script>', page_in(folder), re.DOTALL)
    return json.loads(found)


def test_the_explorer_has_every_point_of_a_grid(folders):
    data = _explorer_in(folders["sweep"])
    assert data == explorer_of(read_folder(folders["sweep"]))
    assert data["exact"]
    assert [len(factor["stops"]) for factor in data["factors"]] == [3, 2]
    assert [point["at"] for point in data["points"]] == [[i, j] for i in range(3) for j in range(2)]
    summary = pd.read_csv(folders["sweep"] / "summary.csv")
    for outcome, name in zip(data["outcomes"], ("imported_confirmed", "tests"), strict=True):
        rows = summary[(summary["outcome"] == name) & (summary["point"] >= 0)].sort_values("point")
        quantiles = rows[["q05", "q25", "q50", "q75", "q95"]].to_numpy()
        assert np.allclose(outcome["values"][0], quantiles, rtol=1e-5)
        assert outcome["low"] <= quantiles.min()
        assert outcome["high"] >= quantiles.max()
        assert [words[0] for words in outcome["words"][0]] == [amount(name, v) for v in rows["q50"]]


def test_the_explorer_of_a_sample_knows_where_its_points_are(folders):
    data = _explorer_in(folders["sampled"])
    assert not data["exact"]
    assert [factor["between"] for factor in data["factors"]] == [True, True, False]
    assert len(data["points"]) == 6
    at = np.array([point["at"] for point in data["points"]])
    assert ((at[:, :2] >= 0) & (at[:, :2] <= 1)).all()
    # Every sixth of each range has one point; whole numbers are a little beside theirs.
    assert sorted((at[:, 0] * 6).astype(int)) == list(range(6))
    assert set(at[:, 2]) == {0, 1}
    stops = data["factors"][1]["stops"]
    assert (stops[0][1], stops[10][1], stops[20][1]) == ("10", "100", "1,000")
    assert "aria-live" in page_in(folders["sampled"])


def test_what_labels_say_stays_inside_the_data(folders):
    (_, _, swabs) = _explorer_in(folders["sampled"])["factors"]
    assert swabs["stops"][0][1] == "none </script><!-- <b>&"
