"""The natural history of the infection, and where travellers catch it."""

from typing import Any

import numpy as np
from scipy import special

from sim.scenario.disease import ConstantInfectiousness, Disease
from sim.scenario.schema import Scenario
from sim.scenario.source import (
    CohortSource,
    CourseTiming,
    DistributedTiming,
    EpidemicSource,
    GrowingTiming,
    UniformTiming,
)
from sim.world.building.distributions import (
    mean_of,
    sampled,
    set_distribution,
    set_fixed,
    set_gamma,
    set_time,
)
from sim.world.building.infectiousness import profile_of
from sim.world.building.parameters import Parameter, drawn
from sim.world.building.source_epidemic import SourceEpidemic
from sim.world.building.tables import Tables
from sim.world.codes import NEVER
from sim.world.draws import MEMBERS, Draws, FloatArray, Stream
from sim.world.records import fill
from sim.world.source_community import CohortTiming

_SHORTEST = 1e-9
"""Days that an infection lasts at least, on average."""


def set_disease(run: Any, disease: Disease, draws: Draws, tables: Tables) -> None:
    """Set the natural history of the infection."""
    set_distribution(run["incubation"], disease.incubation, draws, Parameter.INCUBATION, tables)
    if disease.onset_to_severe is None:
        set_fixed(run["onset_to_severe"], NEVER)
    else:
        set_distribution(
            run["onset_to_severe"],
            disease.onset_to_severe,
            draws,
            Parameter.ONSET_TO_SEVERE,
            tables,
        )
    _set_illness(run, disease, draws, tables)
    if (k := disease.offspring_dispersion) is None:
        set_fixed(run["infectivity"], 1.0)
    else:
        set_gamma(run["infectivity"], k, 1.0 / k, tables)
    share = drawn(disease.asymptomatic_share, draws, Parameter.ASYMPTOMATIC_SHARE)
    relative = drawn(
        disease.asymptomatic_infectiousness, draws, Parameter.ASYMPTOMATIC_INFECTIOUSNESS
    )
    # A normal error may lead below zero.
    fill(run, asymptomatic_share=share, asymptomatic_infectiousness=max(0.0, relative))
    _set_infectiousness(run, disease, draws, tables)


def _set_illness(run: Any, disease: Disease, draws: Draws, tables: Tables) -> None:
    for name in ("symptoms_last", "asymptomatic_lasts"):
        set_time(run[name], disease.symptoms_last, draws, Parameter.SYMPTOMS_LAST, tables)
    if disease.asymptomatic_lasts is not None:
        set_distribution(
            run["asymptomatic_lasts"],
            disease.asymptomatic_lasts,
            draws,
            Parameter.ASYMPTOMATIC_LASTS,
            tables,
        )


def _set_infectiousness(run: Any, disease: Disease, draws: Draws, tables: Tables) -> None:
    of = disease.infectiousness
    fill(run, since_onset=of.since == "onset", shortest_latent=of.shortest_latent)
    if isinstance(of.profile, ConstantInfectiousness):
        _set_constant(run, of.profile, draws, tables)
        return
    profile = profile_of(of.profile, of.window, draws)
    fill(
        run,
        peak_density=profile.peak_density,
        window_begins=profile.begins,
        window_ends=profile.ends,
        profile=tables.add(profile.shares),
        profile_nodes=len(profile.shares),
        profile_first=profile.first,
        profile_per_day=profile.per_day,
    )


def _set_constant(run: Any, constant: ConstantInfectiousness, draws: Draws, tables: Tables) -> None:
    """Set an infectiousness that is the same from a beginning to an end."""
    lead = mean_of(sampled(constant.lead, draws, Parameter.LEAD))
    lasts = mean_of(sampled(constant.lasts, draws, Parameter.LASTS))
    # A person with the mean duration has a total infectiousness of 1.
    fill(run, is_constant=True, peak_density=1.0 / max(lead + lasts, _SHORTEST))
    set_distribution(run["latent"], constant.latent, draws, Parameter.LATENT, tables)
    set_distribution(run["lead"], constant.lead, draws, Parameter.LEAD, tables)
    set_distribution(run["lasts"], constant.lasts, draws, Parameter.LASTS, tables)
    of, parameter = constant.lasts, Parameter.LASTS
    if constant.asymptomatic_lasts is not None:
        of, parameter = constant.asymptomatic_lasts, Parameter.LASTS_ASYMPTOMATIC
    set_distribution(run["lasts_asymptomatic"], of, draws, parameter, tables)


def set_source(run: Any, scenario: Scenario, draws: Draws, tables: Tables) -> FloatArray:
    """Set the source of infections; return its cumulative hazard at equal steps, if it has one."""
    source = scenario.source
    if isinstance(source, CohortSource):
        _set_cohort(run, source, draws, tables)
        return np.zeros(2)
    epidemic = SourceEpidemic(source, scenario.calendar)
    fill(run, source_first=epidemic.first, source_step=epidemic.step)
    hazard: FloatArray = epidemic.hazard
    return hazard


def _set_cohort(run: Any, source: CohortSource, draws: Draws, tables: Tables) -> None:
    share = drawn(source.infected_share, draws, Parameter.INFECTED_SHARE)
    fill(run, is_cohort=True, cohort_share=share)
    match source.timing:
        case UniformTiming(earliest=earliest, latest=latest, step=None):
            fill(run, cohort_timing=CohortTiming.UNIFORM, cohort_a=earliest, cohort_b=latest)
        case UniformTiming(earliest=earliest, latest=latest, step=float(step)):
            fill(run, cohort_timing=CohortTiming.STEPS, cohort_a=earliest, cohort_b=latest)
            fill(run, cohort_step=step)
        case GrowingTiming(growth_per_day=growth, earliest=earliest):
            fill(run, cohort_timing=CohortTiming.GROWING, cohort_a=earliest, cohort_b=growth)
        case DistributedTiming(before=before):
            fill(run, cohort_timing=CohortTiming.DISTRIBUTED)
            set_distribution(run["cohort_before"], before, draws, Parameter.COHORT_TIMING, tables)
        case CourseTiming(multiple=multiple, until=until):
            fill(run, cohort_timing=CohortTiming.COURSE, cohort_a=multiple)
            fill(run, cohort_until_recovery=until == "recovery")


def frailty_of(scenario: Scenario, draws: Draws, groups: int) -> FloatArray:
    """Return the factor on the hazard at the source that each travel group shares, mean 1."""
    source = scenario.source
    if not isinstance(source, EpidemicSource) or source.travel_group_dispersion is None:
        return np.ones(groups)
    k = source.travel_group_dispersion
    # Exact: there are few groups, and a fit gives each run another k.
    keys = np.arange(groups, dtype=np.uint64) * np.uint64(MEMBERS)
    u = draws.uniform(Stream.TRAVEL_GROUP_FRAILTY, keys)
    frailty: FloatArray = special.gammaincinv(k, u) / k
    return frailty
