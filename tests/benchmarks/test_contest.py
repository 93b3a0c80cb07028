"""What is timed can be run: a benchmark is no check of time, but it has to work."""

import pytest

from benchmarks.contest import Repetitions, run_contest


@pytest.mark.thorough
def test_every_contestant_of_ours_runs() -> None:
    contest = run_contest(Repetitions(ours=1, others=0))
    ours = [one for one in contest.contestants if one.name.startswith("bordersim")]
    assert len(ours) == 9
    assert all(len(one.seconds) == 1 and one.seconds[0] > 0 for one in ours)
