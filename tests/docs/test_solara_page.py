"""The page for users of Mesa: a run in SolaraViz."""

import inspect
import runpy
import sys
from importlib.util import find_spec
from types import ModuleType

import chromium
import pytest
from shipped import SCENARIOS
from solara_server import PAGE, press_button, served_page, wait_for_plots, wait_until_day

from sim import BorderModel, load_scenario

DAYS = 78


class Shown:
    """What the file gives to SolaraViz."""

    def __init__(self, model, *, components, model_params, name):
        self.model, self.components, self.params = model, components, model_params


@pytest.fixture
def shown(monkeypatch):
    """The file as it stands, with as much of Mesa's page as needs no Solara."""
    visualization = ModuleType("mesa.visualization")
    visualization.SolaraViz = Shown
    visualization.make_plot_component = lambda measure: measure
    monkeypatch.setitem(sys.modules, "mesa.visualization", visualization)
    return runpy.run_path(str(PAGE))["page"]


def test_its_parameters_make_a_model_whose_series_are_there(shown):
    values = {name: of["value"] for name, of in shown.params.items()}
    kind = type(shown.model)
    assert values.keys() == inspect.signature(kind).parameters.keys()
    model = kind(**values)
    for _ in range(25):
        model.step()
    assert model.steps == 25
    border = BorderModel(load_scenario(SCENARIOS / "baseline.yaml"), **values)
    for _ in range(25):
        border.step()
    table = model.datacollector.get_model_vars_dataframe()
    assert table.equals(border.datacollector.get_model_vars_dataframe())
    assert (table[shown.components].max() > 0).all()


def test_after_the_calendar_a_step_changes_nothing(shown):
    """SolaraViz takes several steps at once, and looks only after them whether it may."""
    model = shown.model
    for _ in range(DAYS + 3):
        assert model.running == (model.border.day < DAYS)
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == DAYS


@pytest.mark.slow
@pytest.mark.skipif(find_spec("solara") is None, reason="Solara is not installed")
@pytest.mark.skipif(chromium.found() is None, reason="no Chromium is found")
def test_the_page_steps_and_begins_anew_in_a_browser(tmp_path):
    with (
        served_page(tmp_path / "log") as address,
        chromium.Chromium(chromium.found(), tmp_path / "profile") as browser,
    ):
        browser.open(address, 1280)
        wait_until_day(browser, "=== 0")
        press_button(browser, "step")
        wait_until_day(browser, "=== 1")
        wait_for_plots(browser, 4)
        press_button(browser, "▶")
        wait_until_day(browser, "> 4")
        press_button(browser, "❚❚")
        press_button(browser, "reset")
        wait_until_day(browser, "=== 0")
        press_button(browser, "step")
        wait_until_day(browser, "=== 1")
        asked = {
            event["params"]["request"]["url"]
            for event in browser.events
            if event.get("method") == "Network.requestWillBeSent"
        }
        local = (address, "data:", "blob:")
        assert not {url for url in asked if not url.startswith(local)}
    assert "Traceback" not in (tmp_path / "log").read_text()
