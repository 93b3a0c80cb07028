"""Fields without effect in the disease, and in the tests that find it."""

from collections.abc import Iterator

from sim.scenario.disease import ConstantInfectiousness
from sim.scenario.institutions import Assay
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.source import CohortSource, CourseTiming
from sim.scenario.swab_time import PCR
from sim.scenario.without_effect.same_reason import same_reason
from sim.scenario.without_effect.use import Use

_ALL_FALL_ILL = "everybody has symptoms: disease.asymptomatic_share is 0"
_NO_SWABS = "nobody is ever swabbed behind the border"
_NO_CARRIERS = "nobody is ever swabbed without symptoms, so there are no carriers"
_NOBODY_ILL = "nobody ever has symptoms: disease.asymptomatic_share is 1"
_OF_CARRIERS = (
    "decision_delay",
    "carrier_observation",
    "carrier_negatives",
    "carrier_retest",
    "findings_per_day",
    "review_findings",
)


def _of_disease(use: Use) -> Iterator[Finding]:
    disease = use.disease
    source = use.scenario.source
    until_recovery = (
        isinstance(source, CohortSource)
        and isinstance(source.timing, CourseTiming)
        and source.timing.until == "recovery"
    )
    if not use.some_never_have_symptoms:
        fields = ("asymptomatic_infectiousness", "asymptomatic_lasts")
        yield from same_reason(("disease",), fields, _ALL_FALL_ILL)
    elif not until_recovery:
        unasked = "only a cohort whose timing is a course until recovery asks for it"
        yield Finding(("disease", "asymptomatic_lasts"), unasked)
    if not use.some_have_symptoms:
        yield Finding(("policies", "self_isolation"), _NOBODY_ILL)
    if not (until_recovery or use.symptoms_are_seen):
        unseen = "nobody looks for symptoms: no screening, quarantine, testing or self_isolation"
        yield Finding(
            ("disease", "symptoms_last"), unseen if use.some_have_symptoms else _NOBODY_ILL
        )
    profile = disease.infectiousness.profile
    if isinstance(profile, ConstantInfectiousness):
        constant = "constant infectiousness begins and ends by itself"
        yield Finding(("disease", "infectiousness", "window"), constant)
        if not use.some_never_have_symptoms:
            loc = ("disease", "infectiousness", "profile", "asymptomatic_lasts")
            yield Finding(loc, _ALL_FALL_ILL)
    if not (use.some_have_symptoms or until_recovery or _count_from_onset(use)):
        nothing = "nobody has symptoms, and nothing else counts from the onset"
        yield Finding(("disease", "incubation"), nothing)


def _count_from_onset(use: Use) -> bool:
    """Tell whether infectiousness, the illness, or what a test sees depends on the onset."""
    disease = use.disease
    if disease.infectiousness.since == "onset" or disease.onset_to_severe is not None:
        return True
    tests = [use.scenario.laboratory, *use.scenario.laboratory.assays.values()]
    return any(getattr(test.sensitivity, "since", "onset") == "onset" for test in tests)


def _of_laboratory(use: Use) -> Iterator[Finding]:
    limit = ("policies", "laboratory_capacity")
    queued = ("suspects_first", "throughput")
    if PCR not in use.assays_behind_the_border:
        nobody = "nobody is ever swabbed for the laboratory's own test behind the border"
        yield Finding(limit, nobody)
        yield from same_reason(("laboratory",), queued, nobody)
    elif not use.policies.laboratory_capacity.root:
        unlimited = "the laboratory has no limit: there is no policies.laboratory_capacity"
        yield from same_reason(("laboratory",), queued, unlimited)


def _of_assays(use: Use) -> Iterator[Finding]:
    laboratory = use.scenario.laboratory
    yield from _of_assay(use, ("laboratory",), PCR, laboratory)
    for name, assay in laboratory.assays.items():
        loc = ("laboratory", "assays", name)
        if name not in use.assays_behind_the_border | use.assays_at_exit:
            yield Finding(loc, "no swab is ever taken for this assay")
        else:
            yield from _of_assay(use, loc, name, assay)


def _of_assay(use: Use, loc: Loc, name: str, assay: Assay) -> Iterator[Finding]:
    tests_carriers = (
        name == PCR and use.has_carriers and use.scenario.registers.carrier_negatives > 0
    )
    tests_anybody = tests_carriers and bool(use.assays_of_anybody)
    is_read = name in use.assays_behind_the_border
    sees = is_read or tests_carriers or name in use.assays_at_exit
    if not sees:
        fields = ("sensitivity", "asymptomatic_factor")
        yield from same_reason(loc, fields, "no swab is ever taken for this test")
    elif not use.some_never_have_symptoms:
        yield Finding((*loc, "asymptomatic_factor"), _ALL_FALL_ILL)
    elif not (tests_anybody or name in use.assays_of_anybody | use.assays_at_exit):
        ill = "only people with symptoms are swabbed for this test"
        yield Finding((*loc, "asymptomatic_factor"), ill)
    if not is_read:
        only_exit = "no swab is ever taken for this test behind the border"
        yield Finding((*loc, "turnaround"), only_exit)
        if not tests_carriers:
            yield Finding((*loc, "specificity"), only_exit)


def _of_registers(use: Use) -> Iterator[Finding]:
    registers = use.scenario.registers
    if not use.assays_behind_the_border:
        yield Finding(("registers",), _NO_SWABS)
        yield Finding(("policies", "review_rounds"), _NO_SWABS)
        return
    if not use.some_have_symptoms:
        yield Finding(("registers", "symptoms_diagnosed"), _NOBODY_ILL)
    if not use.has_carriers:
        yield from same_reason(("registers",), _OF_CARRIERS, _NO_CARRIERS)
        yield Finding(("policies", "review_rounds"), _NO_CARRIERS)
        return
    for index, review in enumerate(use.policies.review_rounds):
        if len(use.scenario.calendar.days_in(review)) <= 1:
            once = "the period has one day, and so one round"
            yield Finding(("policies", "review_rounds", index, "every"), once)
    if not use.carriers_show_disease:
        never = "no carrier ever shows disease: registers.findings_per_day is 0, and nobody whose "
        never += "symptoms could begin or get worse is a carrier"
        yield Finding(("registers", "decision_delay"), never)
    if registers.carrier_negatives == 0:
        untested = "carriers are released without a test: carrier_negatives is 0"
        yield Finding(("registers", "carrier_retest"), untested)
    # A round also decides at once on those waiting for a decision.
    decides_sooner = use.carriers_show_disease and registers.decision_delay != 0
    if not any(review.share > 0 for review in use.policies.review_rounds):
        none = "there are no policies.review_rounds"
        yield Finding(("registers", "review_findings"), none)
    elif registers.review_findings == 0 and not decides_sooner:
        finds_none = "a round finds nothing: registers.review_findings is 0"
        yield Finding(("policies", "review_rounds"), finds_none)


def _of_hospitals(use: Use) -> Iterator[Finding]:
    used = use.hospitals
    is_free = use.scenario.costs.hospital_bed_day == 0
    for name in use.scenario.hospitals:
        if not use.assays_behind_the_border:
            nobody = f"nobody is ever taken there: {_NO_SWABS}"
        elif name not in used:
            nobody = "nobody is ever taken there: it has no beds, or one before it has no limit"
        else:
            continue
        yield Finding(("hospitals", name), nobody)
        if is_free:
            yield Finding(("policies", "hospital_beds", name), nobody)


CHECKS = (_of_disease, _of_laboratory, _of_assays, _of_registers, _of_hospitals)
