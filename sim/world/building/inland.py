"""The border away from its ports, the places behind it, and the hospital outbreak."""

import math
from typing import Any

from sim.scenario.residents import Residents
from sim.scenario.schema import Scenario
from sim.world.building.households import block_of_households
from sim.world.building.in_force import Units
from sim.world.building.tables import Tables
from sim.world.codes import NEVER, NONE, NOON
from sim.world.draws import name_key, town_key
from sim.world.geography import Geography
from sim.world.records import fill, records
from sim.world.state_of_institutions import Community, Stretch, Ward


def communities_of(
    scenario: Scenario, geography: Geography, units: Units, first_agenda: int, tables: Tables
) -> Any:
    """Return the communities, in the order of their names.

    Args:
        scenario: the scenario.
        geography: its codes.
        units: rows of the policies.
        first_agenda: of the first community.
        tables: tables of the world; blocks of households are added.
    """
    rows = records(Community, len(scenario.residents))
    for number, (row, name) in enumerate(zip(rows, sorted(scenario.residents), strict=True)):
        settings = scenario.residents[name]
        households = block_of_households(settings.household_sizes)
        fill(
            row,
            location=geography.code[name],
            unit=units.places[name],
            agenda=first_agenda + number,
            key=town_key(name),
            people=settings.people,
            in_order=settings.people,
            households=tables.add(households),
            block=len(households) // 2,
            columns=columns_of(settings.people),
            largest_household=largest_household(settings),
            infected_at_start=settings.infected_at_start,
            community_hazard=settings.community_hazard_per_day,
            household_hazard=settings.household_hazard_per_day,
            test_delay=settings.test_delay,
            tracing_delay=settings.tracing_delay,
        )
    return rows


def columns_of(people: int) -> int:
    """Return how many numbers stand in a row of the near-square that ``shuffled`` walks on."""
    return math.isqrt(people - 1) + 1


def most_made_for(settings: Residents, count: int) -> int:
    """Return how many people are made, at most, for ``count`` residents to be followed."""
    if settings.household_hazard_per_day == 0:
        return count
    return count * largest_household(settings)


def largest_household(settings: Residents) -> int:
    """Return how many people the largest household has."""
    return max(size for size, share in enumerate(settings.household_sizes, 1) if share > 0)


def people_at_start(scenario: Scenario) -> int:
    """Return how many residents are made, at most, before the first day."""
    most = sum(most_made_for(town, town.infected_at_start) for town in scenario.residents.values())
    if (outbreak := scenario.hospital_outbreak) is not None:
        most += most_made_for(scenario.residents[outbreak.town], outbreak.neighbours + 1)
    return most


def stretches_of(
    scenario: Scenario, geography: Geography, towns: list[str], units: Units, first_agenda: int
) -> Any:
    """Return the stretches of the border, in the order of their names.

    Args:
        scenario: the scenario.
        geography: its codes.
        towns: names of the towns that legs start from.
        units: rows of the policies.
        first_agenda: of the first stretch.
    """
    if (border := scenario.border) is None:
        return records(Stretch, 0)
    rows = records(Stretch, len(border.stretches))
    for number, (row, name) in enumerate(zip(rows, sorted(border.stretches), strict=True)):
        stretch = border.stretches[name]
        fill(
            row,
            start=geography.code[stretch.start],
            # Nobody comes to a town that is on no way to a port.
            start_town=towns.index(stretch.start) if stretch.start in towns else NONE,
            end=geography.code[stretch.end],
            unit=units.stretches[name],
            agenda=first_agenda + number,
            trip=stretch.trip,
            area_km2=stretch.area_km2,
            sweep_width_km=stretch.sweep_width_km,
            speed_km_h=stretch.speed_km_h,
            time_in_area=stretch.time_in_area,
            who_could_notice=stretch.residents_per_km * stretch.exposed_km * stretch.noticed,
            turned_back=stretch.turned_back,
            key=name_key(name),
            perceived=border.crossers.perceived_detection,
        )
    return rows


def set_border(run: Any, scenario: Scenario) -> None:
    """Set what those who might cross weigh up, and how informants respond."""
    if (border := scenario.border) is None:
        return
    budget = scenario.policies.reward_budget
    crossers, informants = border.crossers, border.informants
    fill(
        run,
        has_border=True,
        worth_of_home=crossers.worth_of_home,
        worth_spread=crossers.worth_spread,
        daily_income=crossers.daily_income,
        shame=crossers.shame,
        trip_cost=crossers.trip_cost,
        risk_spread=crossers.risk_spread,
        reopening_chance=crossers.reopening_chance,
        living_cost_per_day=crossers.living_cost_per_day,
        expected_wait=crossers.expected_wait,
        temperature=crossers.temperature,
        readiness=crossers.readiness,
        law_abiding=crossers.law_abiding,
        announcement_effect=crossers.announcement_effect,
        learning=crossers.learning,
        crossers_seek_care=crossers.seeks_care,
        b0=informants.b0,
        b1=informants.b1,
        reward_scale=informants.scale,
        capture_success=informants.capture_success,
        capture_cost=informants.capture_cost,
        report_verified=informants.report_verified,
        report_cost=informants.report_cost,
        cost_spread=informants.cost_spread,
        false_reports_per_day=informants.false_reports_per_day,
        payout_delay=informants.payout_delay,
        reward_budget=NEVER if budget is None else budget,
    )


def set_outbreak(run: Any, scenario: Scenario) -> None:
    """Set who starts the hospital outbreak, where and when."""
    if (outbreak := scenario.hospital_outbreak) is None:
        return
    arrives = scenario.calendar.day_of(outbreak.arrives) + NOON
    fill(
        run,
        outbreak_town=sorted(scenario.residents).index(outbreak.town),
        outbreak_arrives=arrives,
        outbreak_admitted=arrives + outbreak.admitted_after,
        outbreak_infected_before=outbreak.infected_before,
        outbreak_home_quarantine=outbreak.home_quarantine,
        outbreak_neighbours=outbreak.neighbours,
        neighbour_hazard=outbreak.neighbour_hazard_per_day,
    )


def wards_of(scenario: Scenario) -> Any:
    """Return the wards of the hospital outbreak, one after the other; still without people."""
    if (outbreak := scenario.hospital_outbreak) is None:
        return records(Ward, 0)
    rows = records(Ward, len(outbreak.hospitals))
    leaves = scenario.calendar.day_of(outbreak.arrives) + NOON + outbreak.admitted_after
    for row, stay in zip(rows, outbreak.hospitals, strict=True):
        leaves += stay.stay
        fill(row, people=stay.people, hazard=stay.hazard_per_day, leaves=leaves)
    return rows
