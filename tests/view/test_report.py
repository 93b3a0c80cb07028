"""The report: what it says, that it can be read by all, and that it needs and lets in nothing."""

import datetime as dt
import json
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from command import bordersim
from matplotlib.figure import Figure
from random_scenarios import a_world, scenario_of
from small_sweep import SWEEP, write_sweep

from sim.commands.report import run_report
from sim.exits import Refused
from sim.experiment.outcome_units import OUTCOME_UNITS
from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.replicates import run
from sim.experiment.run_folder import circumstances, write_run
from sim.scenario.loader import write_scenario
from sim.view.report.answers import MAIN, policy_sentences
from sim.view.report.cautions import cautions_of
from sim.view.report.explorer import as_json, explorer_of
from sim.view.report.figures import inlined
from sim.view.report.read_folder import read_folder
from sim.view.report.reading import FolderError
from sim.view.report.render import asset
from sim.view.report.wording import amount, percent
from sim.view.style import save

ATTACK = "<script>alert(1)</script><!-- \"'& --> {{ 7 * 7 }}"
STARTED = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SAMPLED = """
name: sampled
scenario: small_world.yaml
factors:
  stay: {path: policies.quarantine_stay, range: {low: 5 d, high: 14 d}}
  laboratory: {label: Tests a day, path: policies.laboratory_capacity,
               range: {low: 10, high: 1000, scale: log, whole: true}}
  swabs:
    levels:
      - {label: none, set: {policies.quarantine_tests: []}}
      - {label: at entry, set: {policies.quarantine_tests: [0 d]}}
design: {kind: latin_hypercube, points: 6}
outcomes: [imported_confirmed]
replicates: 2
"""


class Reader(HTMLParser):
    """Notes what an HTML page has: its elements with their attributes, and its words."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.inside = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.inside)))
        if tag not in ("meta", "input", "link", "br", "img"):
            self.inside.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.inside)))

    def handle_endtag(self, tag):
        assert self.inside.pop()[0] == tag

    def handle_data(self, data):
        if not self.inside or self.inside[-1][0] not in ("script", "style"):
            self.words.append(data)

    def of(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def within(self, tag):
        """Return the elements inside each element of a tag."""
        places = [place for place, (name, *_) in enumerate(self.elements) if name == tag]
        return [
            [(name, at) for name, at, inside in self.elements if (tag, place) in inside]
            for place in places
        ]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split()).replace("\N{NO-BREAK SPACE}", " ")


def write_figure(folder, name):
    fig = Figure(figsize=(3, 2))
    ax = fig.add_subplot()
    ax.plot([0, 1], [3, 4], "o-", clip_on=True)
    save(fig, folder, name)


def write_comparison(folder, question="What if?", failures=()):
    """Write the folder of a comparison of made-up runs."""
    rng = np.random.default_rng(4)
    names, pairs = ("as_it_was", "earlier", "later"), 12
    tables = []
    for name in names:
        table = pd.DataFrame(rng.poisson(50, (pairs, len(OUTCOME_UNITS))) * 1.0)
        table.columns = list(OUTCOME_UNITS)
        factor = {"as_it_was": 1.0, "earlier": 0.2, "later": 1.01}[name]
        table["cost_cny"] = 2e8 * factor + 1e6 * rng.random(pairs)
        table["infections_at_large"] = np.round(table["infections_at_large"] * factor)
        tables.append(table)
    rows = [
        {
            "policy": name,
            "baseline": names[0],
            "outcome": outcome,
            "unit": OUTCOME_UNITS[outcome],
            "median_of_baseline": tables[0][outcome].median(),
            "median_of_policy": table[outcome].median(),
            **PairedStatistics.of(
                table[outcome].to_numpy(), tables[0][outcome].to_numpy()
            ).as_row(),
        }
        for name, table in zip(names[1:], tables[1:], strict=True)
        for outcome in OUTCOME_UNITS
    ]
    pd.DataFrame(rows).to_csv(folder / "differences.csv", index=False)
    for name, table in zip(names, tables, strict=True):
        table.insert(0, "policy", name)
        table.insert(1, "pair", range(pairs))
    pd.concat(tables).to_csv(folder / "outcomes.csv", index=False)
    (folder / "scenarios").mkdir()
    entries = []
    for name in names:
        scenario = scenario_of(a_world(name=name, question=question, costs="china_2020"))
        (folder / "scenarios" / f"{name}.yaml").write_text(write_scenario(scenario), "utf-8")
        entries.append({"name": name, "digest": scenario.digest, "runs": "12 seeds from 1 on"})
    manifest = {
        "command": ["bordersim", "compare", f"{ATTACK}.yaml"],
        "baseline": names[0],
        "policies": entries,
        "pairs": pairs,
        "pairs_asked_for": pairs + len(failures),
        "until_precision": {"imported_confirmed": 5.0},
        "model": "0123456789abcdef",
        "failures": list(failures),
        **circumstances(STARTED),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name in ("forest", "acceptability", "fan_chart"):
        write_figure(folder, name)
    return folder


def write_sweep_results(folder, text=SWEEP):
    """Run a tiny sweep and return the folder of its results."""
    path = write_sweep(folder, text)
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    write_figure(folder / "out", "heat_map")
    return folder / "out"


def write_runs(folder):
    scenario = scenario_of(a_world(question=ATTACK))
    replicates = run(scenario, replicates=3)
    command = ["bordersim", "run", "x.yaml"]
    write_run(replicates, folder, command=command, started=STARTED, runs="3 seeds from 1 on")
    write_figure(folder, "imported")
    write_figure(folder, "something_new")
    (folder / "calibration").mkdir()
    verdicts = {
        "meaning": ["known well", "hardly known"],
        "verdict": ["informed", "hardly informed"],
    }
    pd.DataFrame(verdicts).to_csv(folder / "calibration" / "parameters.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Folders of results by kind, with their reports in them."""
    made = {
        "comparison": write_comparison(tmp_path_factory.mktemp("comparison"), ATTACK),
        "sweep": write_sweep_results(tmp_path_factory.mktemp("sweep")),
        "sampled": write_sweep_results(tmp_path_factory.mktemp("sampled"), SAMPLED),
        "run": write_runs(tmp_path_factory.mktemp("run")),
    }
    for folder in made.values():
        assert run_report(folder) == 0
    return made


def page_in(folder):
    return (folder / "report.html").read_text("utf-8")


KINDS = pytest.mark.parametrize("kind", ["comparison", "sweep", "sampled", "run"])


@KINDS
def test_a_page_asks_for_nothing_from_anywhere(folders, kind):
    text = page_in(folders[kind])
    assert not re.search(r"https?:|@import|url\((?!#)", text)
    for tag, attributes, _ in Reader(text).elements:
        assert tag not in ("link", "iframe", "img", "object", "embed", "base", "form")
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith(("#", "data:image/png;base64,"))
        assert not any(name.startswith("on") for name in attributes)
    assert "default-src 'none'" in text


@KINDS
def test_ids_are_unique_and_what_refers_to_them_finds_them(folders, kind):
    text = page_in(folders[kind])
    elements = [attributes for _, attributes, _ in Reader(text).elements]
    ids = [attributes["id"] for attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = [
        name
        for attributes in elements
        for key in ("aria-labelledby", "for")
        for name in attributes.get(key, "").split()
    ]
    referred += [at["href"][1:] for at in elements if at.get("href", "").startswith("#")]
    referred += re.findall(r"url\(#([^)]+)\)", text)
    assert referred
    assert set(referred) <= set(ids)


@KINDS
def test_everybody_can_read_it(folders, kind):
    page = Reader(page_in(folders[kind]))
    assert page.of("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, *_ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"class": "skip", "href": "#answer"} in page.of("a")
    tables = page.within("table")
    assert tables
    for inside in tables:
        assert inside[0][0] == "caption"
        assert all(at.get("scope") in ("row", "col") for tag, at in inside if tag == "th")
        rows = sum(tag == "tr" for tag, _ in inside)
        assert sum(at.get("scope") == "row" for tag, at in inside if tag == "th") == rows - 1
    for at, inside in zip(page.of("svg"), page.within("svg"), strict=True):
        title, description = at["aria-labelledby"].split()
        assert at["role"] == "img"
        assert inside[0] == ("title", {"id": title})
        assert inside[1] == ("desc", {"id": description})
    labelled = {at.get("for") for at in page.of("label")}
    assert all(at["id"] in labelled for at in page.of("input"))


@KINDS
def test_figures_have_numbers_captions_and_data(folders, kind):
    page = Reader(page_in(folders[kind]))
    figures = page.within("figure")
    assert len(figures) == len(list(folders[kind].glob("*.svg")))
    for number, inside in enumerate(figures, 1):
        tags = [tag for tag, _ in inside]
        assert {"h3", "svg", "figcaption", "details", "summary", "table"} <= set(tags)
        assert f"Figure {number}. " in page.text


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_nothing_breaks_out_of_the_page(folders, kind):
    text = page_in(folders[kind])
    assert "<script>alert" not in text
    page = Reader(text)
    assert len(page.of("script")) == 0
    assert ATTACK in page.text


def test_equal_folders_give_equal_pages(folders):
    before = page_in(folders["comparison"])
    assert run_report(folders["comparison"]) == 0
    assert page_in(folders["comparison"]) == before


def test_sentences_say_the_numbers_of_the_table(folders):
    page = Reader(page_in(folders["comparison"]))
    table = pd.read_csv(folders["comparison"] / "differences.csv")
    rows = table.set_index(["policy", "outcome"])
    infections = rows.loc[("earlier", "infections_at_large")]
    cost = rows.loc[("earlier", "cost_cny")]
    low, high = round(-infections["q95"]), round(-infections["q05"])
    assert (
        f"Earlier averts {round(-infections['median'])} infections at large (90 %: {low} to {high})"
        f" and costs {-cost['median'] / 1e6:.0f} million CNY less"
    ) in page.text
    assert "It is better in 100 % of the pairs by infections at large and in 100 %" in page.text
    later = rows.loc[("later", "cost_cny")]
    assert f"costs {later['median'] / 1e6:.2g} million CNY more" in page.text
    assert page.text.index("Earlier averts") < page.text.index("What was run")
    cell = amount("tests", rows.loc[("later", "tests")]["median"])
    assert cell in page.text


def _against_nought(*differences):
    return PairedStatistics.of(np.array(differences, dtype=np.float64), np.zeros(len(differences)))


def _spoken(infections, imported, cost):
    of = dict(zip(MAIN, (_against_nought(*of) for of in (infections, imported, cost)), strict=True))
    return " ".join(policy_sentences("no_tests", of)).replace("\N{NO-BREAK SPACE}", " ")


def test_what_does_not_differ_is_not_spoken_of_as_a_difference():
    assert _spoken([0] * 8, [0] * 8, [0] * 8) == (
        "No tests changes infections at large in no pair. "
        "It changes imported cases confirmed in no pair."
    )


def test_what_goes_both_ways_is_said_with_its_sides():
    said = _spoken([-2, -1, 0, 0, 0, 0, 1, 20], [5] * 8, [30_000, -40_000] * 4)
    assert said.startswith(
        "No tests does not move the median of infections at large (90 %: 13 more"
    )
    assert "better in 25 % of the pairs (equal in 50 %) by infections at large" in said
    assert "It confirms 5 more imported cases (90 %: 5 to 5)." in said
    assert "costs 5,000 CNY less (90 %: 30,000 CNY more to 40,000 CNY less)" in said
    assert said.endswith(
        "With 8 pairs, its effect on infections at large and cost cannot be told from nought."
    )


def test_doubt_and_assumptions_are_said(folders):
    cautions = {
        caution.text: caution.items for caution in cautions_of(_read(folders, "comparison"))
    }
    (rough,) = [items for text, items in cautions.items() if text.startswith("Few pairs: ")]
    assert any(item.startswith("Later, Imported cases confirmed: ") for item in rough)
    assert any("cannot be told from nought" in text for text in cautions)
    assert any("only 12\N{NO-BREAK SPACE}pairs" in text for text in cautions)
    assert any("Unit costs are assumptions" in text for text in cautions)
    assert any("The model has changed" in text for text in cautions)
    of_run = {caution.text: caution.items for caution in cautions_of(_read(folders, "run"))}
    (informed,) = [
        items
        for text, items in of_run.items()
        if "do not inform 1\N{NO-BREAK SPACE}parameter" in text
    ]
    assert informed == ("hardly known",)


def test_failures_and_changed_files_are_said(tmp_path):
    failure = {"variant": "later", "seed": 3, "reason": ATTACK, "details": "", "parameters": {}}
    write_comparison(tmp_path, failures=[failure])
    file = tmp_path / "scenarios" / "later.yaml"
    file.write_text(file.read_text("utf-8").replace("What if?", "What now?"), "utf-8")
    texts = [f"{of.text} {' '.join(of.items)}" for of in cautions_of(read_folder(tmp_path))]
    assert any("1\N{NO-BREAK SPACE}run failed" in text and ATTACK in text for text in texts)
    assert any("no longer what was run" in text and "later.yaml" in text for text in texts)


def test_a_sweep_says_where_outcomes_are_least_and_what_matters(folders):
    page = Reader(page_in(folders["sweep"]))
    summary = pd.read_csv(folders["sweep"] / "summary.csv")
    of = summary[(summary["point"] >= 0) & (summary["outcome"] == "tests")]
    assert f"Least: {amount('tests', of['q50'].min())} (90 %: " in page.text
    assert "matters most: it moves the median by up to" in page.text
    assert "What do stay and laboratory do?" in page.text


def _read(folders, kind):
    return read_folder(folders[kind])


def _explorer_in(folder):
    (found,) = re.findall(r'id="explorer-data">(.*?)</script>', page_in(folder), re.DOTALL)
    return json.loads(found)


def test_the_explorer_has_every_point_of_a_grid(folders):
    data = _explorer_in(folders["sweep"])
    assert data == explorer_of(_read(folders, "sweep"))
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


def test_json_stays_inside_its_element():
    data = {"text": "</script><!-- <b>&", "number": 0.1}
    text = as_json(data)
    assert not set("<>&") & set(text)
    assert json.loads(text) == data
    with pytest.raises(ValueError, match="JSON compliant"):
        as_json({"number": float("nan")})


def test_a_page_without_a_sweep_has_no_script(folders):
    assert "<script" not in page_in(folders["run"])
    digest = re.search(r"script-src 'sha256-([^']+)'", page_in(folders["sweep"]))
    assert digest is not None
    assert f"<script>{asset('explorer.js')}</script>" in page_in(folders["sweep"])


def test_a_figure_loses_what_is_no_picture(tmp_path):
    path = tmp_path / "bad.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 9 9" onload="alert(1)"><style>* {display: none}</style>'
        "<script>alert(2)</script><foreignObject><b>3</b></foreignObject>"
        '<image href="http://example.org/x.png" width="4"/><a href="javascript:alert(5)"/>'
        '<use xlink:href="#one"/><rect id="one" clip-path="url( #two )" fill="url(//x.org)"/>'
        '<text style="background: u\\72l(x)">&lt;script&gt;</text></svg>',
        "utf-8",
    )
    svg = inlined(path, 2, "<T>", 'a "d"').svg
    assert not re.search(r"alert|http|example|x\.org|style>|<script|foreign|<b>|u\\", svg)
    assert 'href="#figure-2-one"' in svg
    assert 'id="figure-2-one" clip-path="url(#figure-2-two)"' in svg
    assert '<title id="figure-2-title">&lt;T&gt;</title>' in svg


@pytest.mark.parametrize(
    "text",
    [
        "<svg",
        "<p/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>',
    ],
)
def test_a_damaged_figure_is_refused(tmp_path, text):
    path = tmp_path / "bad.svg"
    path.write_text(text, "utf-8")
    with pytest.raises(FolderError, match=r"bad\.svg: the file is damaged"):
        inlined(path, 1, "", "")


@pytest.mark.parametrize(
    ("kind", "file", "change", "message"),
    [
        ("comparison", "manifest.json", None, "no results of bordersim run, compare or sweep"),
        ("comparison", "manifest.json", lambda text: "[]", "not a JSON object"),
        ("comparison", "manifest.json", lambda text: text[:90], "manifest.json: the file is damag"),
        ("comparison", "manifest.json", lambda text: "{}", "no run, comparison or sweep"),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"later"', '"../later"'),
            "policies.2.name: String should match",
        ),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"pairs": 12', '"pairs": 0'),
            "no pair of runs has finished",
        ),
        ("comparison", "differences.csv", None, "differences.csv: the file is missing"),
        ("comparison", "differences.csv", lambda text: "", "differences.csv: the file is damaged"),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace(",q05,", ",q5,"),
            "no column q05",
        ),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace(",12,", ",twelve,", 1),
            "differences.csv: the file is damaged: Unable to parse",
        ),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace("later,as_it_was,cost_cny", "x,as_it_was,cost_cny"),
            "no row of later and cost_cny",
        ),
        ("comparison", "scenarios/later.yaml", None, "later.yaml: the file is missing"),
        ("comparison", "scenarios/later.yaml", lambda text: "a: [", "cannot read the scenario"),
        ("sweep", "sweep.yaml", None, "sweep.yaml: the file is missing"),
        ("sweep", "sweep.yaml", lambda text: "factors: 3", "sweep.yaml: the file is damaged"),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("14 d]", "14 d, 20 d]"),
            "it has 8 points, the manifest 6",
        ),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("14 d]", "15 d]"),
            "is not the one that sweep.yaml describes",
        ),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("values: [5 d, 10 d, 14 d]", ""),
            "a factor has one of values",
        ),
        ("sweep", "summary.csv", lambda text: "\n", "no run has finished"),
        ("run", "outcomes_summary.csv", None, "outcomes_summary.csv: the file is missing"),
    ],
)
def test_missing_and_damaged_files_are_refused(folders, tmp_path, kind, file, change, message):
    folder = tmp_path / "copy"
    shutil.copytree(folders[kind], folder, ignore=shutil.ignore_patterns("*.html", "*.sqlite"))
    path = folder / file
    text = path.read_text("utf-8")
    path.unlink()
    if change is not None:
        assert change(text) != text
        path.write_text(change(text), "utf-8")
    with pytest.raises(Refused, match=re.escape(message)):
        run_report(folder)
    assert not (folder / "report.html").exists()


def test_what_is_no_text_is_refused(folders, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(folders["run"], folder)
    (folder / "scenario.yaml").write_bytes(b"name: \xff")
    with pytest.raises(Refused, match="cannot be read"):
        run_report(folder)


def test_other_folders_are_refused_with_a_hint(folders, tmp_path):
    with pytest.raises(Refused, match="no such folder"):
        run_report(tmp_path / "nowhere")
    (tmp_path / "one").mkdir()
    shutil.copy(folders["run"] / "manifest.json", tmp_path / "one")
    with pytest.raises(Refused, match=r"perhaps .*one"):
        run_report(tmp_path)


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0"), (0.001, "less than 1"), (0.5, "50"), (0.999, "more than 99")]
)
def test_a_share_is_all_or_nothing_only_if_it_is(share, text):
    assert percent(share) == f"{text}\N{NO-BREAK SPACE}%"


def _palettes():
    """Return the colours of the page by name, light and dark."""
    light, dark, *_ = re.findall(r":root \{(.*?)\}", asset("report.css"), re.DOTALL)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", text)) for text in (light, dark)]


def _contrast(one, other):
    """Return the ratio of the luminances, as WCAG 2 defines it."""

    def luminance(color):
        shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark"])
def test_text_stands_out_from_its_paper(palette):
    for paper in ("paper", "shade"):
        for text in ("text", "quiet", "link"):
            assert _contrast(palette[text], palette[paper]) >= 4.5
        assert _contrast(palette["accent"], palette[paper]) >= 3
    assert _contrast(palette["warn-text"], palette["warn-paper"]) >= 4.5


def test_text_in_the_explorer_stands_out():
    css = asset("report.css")
    (plot,) = re.findall(r"\.plot \{(.*?)\}", css, re.DOTALL)
    (words,) = re.findall(r"\.plot text \{(.*?)\}", css, re.DOTALL)
    (paper,) = re.findall(r"background: (#\w{6})", plot)
    (text,) = re.findall(r"\scolor: (#\w{6})", plot)
    (fill,) = re.findall(r"fill: (#\w{6})", words)
    assert _contrast(text, paper) >= 4.5
    assert _contrast(fill, paper) >= 4.5
