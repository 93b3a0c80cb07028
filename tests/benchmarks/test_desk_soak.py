"""The soak of the policy desk finds what it looks for."""

import copy

import pytest
from desk_server import Client, desk
from shipped import SCENARIOS

from benchmarks.desk_soak import Watch, check_answer
from benchmarks.desk_soak_users import Account, Shown
from sim.experiment.campaign import PURPOSE, STORE
from sim.experiment.run_store import RunStore

PAIRS = 4
TEXT = "extends: baseline.yaml\nname: short_stay\npolicies:\n  quarantine_stay: 3 d\n"


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """A shown answer, the texts that were acknowledged, and the folder of the desk."""
    folder = tmp_path_factory.mktemp("desk")
    with desk(SCENARIOS / "baseline.yaml", folder, replicates=PAIRS) as port:
        client = Client(port)
        digest = client.post("change", text=TEXT)[1]["digest"]
        answer = client.last_answer(digest)
    return Shown(digest, answer), {digest: (TEXT, "")}, folder


def faults_of(shown, texts, store, folder):
    folder.mkdir(exist_ok=True)
    account = Account(texts=texts)
    check_answer(shown, account, folder, store)
    return account.faults


@pytest.mark.slow
def test_a_shown_answer_is_recomputed_and_a_wrong_number_is_found(answered, tmp_path):
    shown, texts, folder = answered
    with RunStore.open(folder / STORE, purpose=PURPOSE) as store:
        assert faults_of(shown, texts, store, tmp_path / "as_shown") == []
        wrong = Shown(shown.digest, copy.deepcopy(shown.answer))
        wrong.answer["outcomes"][0]["median"] += 1e-9
        (fault,) = faults_of(wrong, texts, store, tmp_path / "as_shown")
        assert "differs in community_infections" in fault
        stale = {shown.digest: (TEXT.replace("3 d", "4 d"), "")}
        found = faults_of(shown, stale, store, tmp_path / "as_shown")
        assert any("the store lacks runs" in fault for fault in found)
        (fault,) = faults_of(shown, {}, store, tmp_path / "as_shown")
        assert "nobody sent" in fault
    with RunStore.temporary() as lost:
        (fault,) = faults_of(shown, texts, lost, tmp_path / "as_shown")
        assert "the store lacks runs" in fault


@pytest.mark.parametrize(("growth", "faults"), [(1.05, 0), (1.2, 1)])
def test_growing_memory_is_a_fault(growth, faults):
    account = Account()
    watch = Watch(None, account)
    watch.memory = [(second, 400 * (growth if second > 300 else 1), 700) for second in range(400)]
    watch.judge(100)
    assert len(account.faults) == faults
