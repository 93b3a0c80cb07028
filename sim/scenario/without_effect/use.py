"""What a scenario uses: who is swabbed, who is stranded, which sites fill."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from sim.scenario.border import Crossers
from sim.scenario.demand import rush_of
from sim.scenario.disease import Disease
from sim.scenario.schema import Scenario
from sim.scenario.source import CohortSource, EpidemicSource
from sim.scenario.swab_time import PCR, SwabTime
from sim.scenario.timeline import Entry, Timeline


class Use:
    """What can happen in a run of a valid scenario.

    If the answer depends on the run (for example, whether a limit is reached), it is yes.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.policies = scenario.policies

    # Who sets out, and who is stranded.

    @cached_property
    def has_infections(self) -> bool:
        """Whether travellers are infected where they start."""
        source = self.scenario.source
        if isinstance(source, EpidemicSource):
            return source.exposure > 0
        return source.infected_share != 0

    @cached_property
    def all_are_infected(self) -> bool:
        """Whether everyone who sets out is infected before departure."""
        source = self.scenario.source
        share = source.infected_share if isinstance(source, CohortSource) else 0.0
        return isinstance(share, float) and share >= 1

    @cached_property
    def shut_ports(self) -> set[str]:
        """Ports that are shut at some time."""
        return {name for name, closures in self.policies.port_closures.items() if closures}

    @cached_property
    def announced(self) -> bool:
        """Whether a closure is known before its first day."""
        return any(
            rush_of(closure, self.scenario.calendar)
            for closures in self.policies.port_closures.values()
            for closure in closures
        )

    @cached_property
    def strands_at(self) -> set[str]:
        """Places where people can be stranded: the last ones before a port that is shut."""
        start = self.scenario.travellers.start
        legs = self.scenario.legs.values()
        return {leg.start for leg in legs if leg.end in self.shut_ports and leg.start != start}

    def ports_from(self, place: str) -> set[str]:
        """Return the ports that can be reached from a place."""
        reached, waiting = set[str](), [place]
        while waiting:
            at = waiting.pop()
            ends = {leg.end for leg in self.scenario.legs.values() if leg.start == at}
            waiting += ends - reached
            reached |= ends
        return reached & set(self.scenario.ports)

    @cached_property
    def crossed_stretches(self) -> set[str]:
        """Stretches of border that someone may cross."""
        border = self.scenario.border
        if border is None or not _anybody_crosses(border.crossers):
            return set()
        stretches = border.stretches.items()
        return {name for name, stretch in stretches if stretch.start in self.strands_at}

    # Symptoms.

    @property
    def disease(self) -> Disease:
        """The disease."""
        return self.scenario.disease

    @property
    def some_have_symptoms(self) -> bool:
        """Whether anyone ever has symptoms."""
        return self.disease.asymptomatic_share != 1

    @property
    def symptoms_are_seen(self) -> bool:
        """Whether symptoms have any consequence."""
        policies, rules = self.policies, self.scenario.quarantine
        by_place = (
            policies.exit_screening,
            policies.entry_screening,
            policies.symptomatic_testing,
        )
        in_stay = self.longest_stay > 0 and rules.symptoms_noticed > 0 and rules.symptom_swabs
        by_anybody = in_force(policies.self_isolation) or any(map(any_in_force, by_place))
        return self.some_have_symptoms and (by_anybody or bool(in_stay))

    @property
    def some_never_have_symptoms(self) -> bool:
        """Whether anyone is infected without ever having symptoms."""
        outbreak = self.scenario.hospital_outbreak  # the arrival never has symptoms
        return self.disease.asymptomatic_share != 0 or outbreak is not None

    # Quarantine.

    @cached_property
    def longest_stay(self) -> float:
        """Longest quarantine, in days."""
        return max((entry.value for entry in self.policies.quarantine_stay.root), default=0.0)

    @cached_property
    def sites(self) -> list[str]:
        """Sites that can be used: those up to the first one without a limit."""
        if self.longest_stay == 0:
            return []
        return _until_unlimited(self.scenario.quarantine.sites, self.policies.site_beds)

    @cached_property
    def uses_homes(self) -> bool:
        """Whether someone may be quarantined at home."""
        beds = self.policies.site_beds
        limited = all(name in beds and beds[name].root for name in self.scenario.quarantine.sites)
        return self.longest_stay > 0 and limited

    @cached_property
    def goes_home(self) -> bool:
        """Whether someone goes to the place of home quarantine, also for a stay of 0 days."""
        return self.uses_homes or 0.0 in self._stays

    @cached_property
    def _stays(self) -> list[float]:
        """Length of stay by the day of entry; 0 where there is no quarantine."""
        stays = [0.0] * self.scenario.calendar.days
        for entry in self.policies.quarantine_stay.root:
            for day in self.scenario.calendar.days_in(entry):
                stays[day] = entry.value
        return stays

    def stays_entered_in(self, entry: Entry[Any]) -> list[float]:
        """Return the lengths of stay on the days of an entry; 0 where there is no quarantine."""
        return list({self._stays[day] for day in self.scenario.calendar.days_in(entry)})

    @cached_property
    def may_breach(self) -> bool:
        """Whether someone may break a quarantine."""
        rules = self.scenario.quarantine
        settings = [rules.facility] * bool(self.sites) + [rules.home] * self.uses_homes
        return any(setting.breach_per_day > 0 or setting.adherence < 1 for setting in settings)

    # Swabs: for which assay, and of whom.

    @cached_property
    def assays_of_symptoms(self) -> set[str]:
        """Assays of swabs taken only from people with symptoms."""
        if not self.some_have_symptoms:
            return set()
        found = set[str]()
        rules = self.scenario.quarantine
        if self.longest_stay > 0 and rules.symptoms_noticed > 0:
            found |= {swab.assay for swab in rules.symptom_swabs}
        by_symptoms = (self.policies.entry_screening, self.policies.symptomatic_testing)
        if any(in_force(timeline) for named in by_symptoms for timeline in named.values()):
            found.add(PCR)
        return found

    @cached_property
    def assays_of_anybody(self) -> set[str]:
        """Assays of swabs that may also be taken from people without symptoms behind the border."""
        policies = self.policies
        found = {swab.assay for swab in self.scheduled_swabs()}
        if self.scenario.travellers.arrival_tests_taken > 0:
            found |= {swab.assay for swab in self.arrival_swabs()}
        asked = self.scenario.travellers.aware_share > 0 and any_in_force(
            policies.entry_questionnaire
        )
        traced = any_in_force(policies.contact_tracing)
        if asked or traced or self.scenario.hospital_outbreak or self.crossed_stretches:
            found.add(PCR)
        return found

    @property
    def misses_symptoms(self) -> bool:
        """Whether someone may be ill and registered as a carrier."""
        return self.some_have_symptoms and self.scenario.registers.symptoms_diagnosed < 1

    @property
    def has_carriers(self) -> bool:
        """Whether someone may be registered as a carrier."""
        of_the_ill = self.misses_symptoms and bool(self.assays_of_symptoms)
        return bool(self.assays_of_anybody) or of_the_ill

    @property
    def carriers_show_disease(self) -> bool:
        """Whether a carrier may show disease, so that the expert panel decides."""
        begin = self.some_have_symptoms and bool(self.assays_of_anybody)
        get_worse = self.misses_symptoms and self.disease.onset_to_severe is not None
        return self.scenario.registers.findings_per_day > 0 or begin or get_worse

    @property
    def assays_behind_the_border(self) -> set[str]:
        """Assays of all swabs behind the border."""
        return self.assays_of_symptoms | self.assays_of_anybody

    @cached_property
    def assays_at_exit(self) -> set[str]:
        """Assays of pre-departure tests."""
        timelines = self.policies.pre_departure_test.values()
        return {entry.value.assay for timeline in timelines for entry in timeline.root}

    def scheduled_swabs(self) -> Iterator[SwabTime]:
        """Yield the swabs in quarantine that are taken before the stay is over."""
        for entry in self.policies.quarantine_tests.root:
            longest = max(self.stays_entered_in(entry), default=0.0)
            yield from (swab for swab in entry.value if swab.days <= longest)
        for before in self.policies.test_before_release.root:
            if before.value.days <= max(self.stays_entered_in(before), default=0.0):
                yield before.value

    def arrival_swabs(self) -> Iterator[SwabTime]:
        """Yield the swabs after entry that released people can take."""
        for entry in self.policies.arrival_tests.root:
            yield from (swab for swab in entry.value if not self.comes_too_early(swab, entry))

    def comes_too_early(self, swab: SwabTime, entry: Entry[Any]) -> bool:
        """Tell whether a swab after entry is always due before the release."""
        return swab.days < min(self.stays_entered_in(entry), default=0.0)

    @cached_property
    def hospitals(self) -> list[str]:
        """Hospitals that can be used: those up to the first one without a limit."""
        if not self.assays_behind_the_border:
            return []
        return _until_unlimited(self.scenario.hospitals, self.policies.hospital_beds)


def in_force(timeline: Timeline[Any]) -> bool:
    """Tell whether a measure is ever in force: some entry is neither zero nor empty."""
    return any(entry.value for entry in timeline.root)


def any_in_force(timelines: Mapping[str, Timeline[Any]]) -> bool:
    """Tell whether a measure is ever in force anywhere."""
    return any(in_force(timeline) for timeline in timelines.values())


def _until_unlimited(names: Iterable[str], beds: Mapping[str, Timeline[Any]]) -> list[str]:
    """Return the names with beds in order, up to the first without a limit."""
    used = list[str]()
    for name in names:
        limits = beds[name].root if name in beds else ()
        if not limits:
            return [*used, name]
        if any(entry.value > 0 for entry in limits):
            used.append(name)
    return used


def _anybody_crosses(crossers: Crossers) -> bool:
    return crossers.readiness > 0 and crossers.law_abiding < 1
