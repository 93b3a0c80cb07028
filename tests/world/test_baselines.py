"""Exact results of shipped scenarios: the same on every Python, Mesa and processor.

Renew them with ``make baselines WHY="..."``.
"""

import platform
import sys

import pytest
from baselines import computed, in_changelog, moved, record_digest, recorded
from shipped import SCENARIOS, SHIPPED

ELSEWHERE = (sys.platform, platform.machine()) != ("linux", "x86_64")


@pytest.mark.skipif(ELSEWHERE, reason="other mathematical libraries differ in the last bit")
def test_shipped_scenarios_give_the_recorded_results_to_the_last_bit():
    assert moved(recorded(), computed()) == {}, 'make baselines WHY="..." renews the record'


def test_every_shipped_scenario_is_recorded():
    files = {str(path.relative_to(SCENARIOS)) for path in SHIPPED}
    assert set(recorded()) == files | {"baseline.yaml, first fitted pair"}


def test_the_changelog_says_why_the_record_is_what_it_is():
    assert in_changelog(), f"no line 'Baselines {record_digest()}: ...' in CHANGELOG.md"
