"""Small worlds in which everything happens that a scenario can ask for."""

from typing import Any

from random_scenarios import a_world, scenario_of

from sim.scenario.schema import Scenario

_BASE = a_world()

_DISEASE = {
    "name": "uncertain",
    "incubation": {
        "kind": "lognormal",
        "mu": {"kind": "normal", "mean": 1.2, "sd": 0.1},
        "sigma": {"kind": "loguniform", "low": 0.3, "high": 0.6},
    },
    "infectiousness": {
        "since": "infection",
        "profile": {"kind": "weibull", "shape": 2.8, "scale": "5.7 d"},
    },
    "asymptomatic_share": {"kind": "beta", "a": 4, "b": 8},
    "asymptomatic_infectiousness": 0.5,
    "offspring_dispersion": 0.4,
    "onset_to_severe": {"kind": "gamma_moments", "mean": "9 d", "variance": 20},
    "symptoms_last": "8 d",
}


def _changes(day: str, before: Any, after: Any) -> list[dict[str, Any]]:
    """Return a lever that changes on a day."""
    return [{"until": day, "value": before}, {"from": day, "value": after}]


def corridor() -> Scenario:
    """Return a corridor with every lever at work before, at and behind its two ports."""
    return scenario_of(
        a_world(
            disease=_DISEASE,
            source__exposure=300,
            travellers={
                **_BASE["travellers"],
                "announcement_factor": 2.5,
                "closed_factor": 0.3,
                "patience": "5 d",
                "divert_share": 0.5,
            },
            quarantine={
                **_BASE["quarantine"],
                "home_place": "west",
                "room_hazard_per_day": 0.8,
                "symptoms_noticed": 0.7,
                "symptom_swabs": ["0 d", "1 d"],
                "facility": {"breach_per_day": 0.02},
                "home": {"breach_per_day": 0.1, "breach_growth_per_day": 0.1},
            },
            laboratory={
                **_BASE["laboratory"],
                "asymptomatic_factor": 0.7,
                "specificity": 0.98,
                "suspects_first": True,
                "throughput": _changes("2020-03-15", 0.5, 1.5),
            },
            registers={
                **_BASE["registers"],
                "carrier_observation": "3 d",
                "carrier_retest": "36 h",
                "findings_per_day": 0.05,
                "review_findings": 0.8,
            },
            policies={
                "port_closures": {
                    "east_port": [
                        {"from": "2020-03-12", "until": "2020-03-16", "announced": "2020-03-09"},
                        {"from": "2020-03-24"},
                    ],
                    "west_port": [{"from": "2020-03-14", "until": "2020-03-18"}],
                },
                "port_capacity": {"east_port": 25, "west_port": [{"value": 20}]},
                "bookings": {"plane": _changes("2020-03-06", 60, 45)},
                "exit_screening": {"plane": [{"from": "2020-03-04", "value": 0.5}]},
                "pre_departure_test": {"plane": [{"from": "2020-03-20", "value": "2 d"}]},
                "entry_screening": {"east_port": 0.7, "west_port": 0.3},
                "staging_quarantine": {"junction": [{"from": "2020-03-18", "value": "3 d"}]},
                "quarantine_stay": _changes("2020-03-14", "5 d", "8 d"),
                "quarantine_tests": _changes("2020-03-12", ["0 d"], ["1 d", "4 d"]),
                "test_before_release": [{"from": "2020-03-10", "value": "1 d"}],
                "site_beds": {"east_hotel": 70, "west_hotel": 60},
                "hospital_beds": {"ward": 15, "hall": [{"value": 10}]},
                "laboratory_capacity": _changes("2020-03-20", 50, 70),
                "monitoring": 0.5,
                "review_rounds": [{"from": "2020-03-16", "share": 0.6, "every": "3 d"}],
            },
        )
    )


def border() -> Scenario:
    """Return a world that many cross away from the ports, with two towns, money and a hospital."""
    shut = [{"from": "2020-03-06"}]
    town = {
        "household_sizes": [0.3, 0.3, 0.4],
        "community_hazard_per_day": 0.4,
        "household_hazard_per_day": 0.15,
        "test_delay": "1 d",
        "tracing_delay": "1 d",
    }
    return scenario_of(
        a_world(
            source__exposure=300,
            travellers={**_BASE["travellers"], "patience": "8 d"},
            residents={
                "east": {**town, "people": 3000, "infected_at_start": 3},
                "west": {**town, "people": 500},
            },
            border={
                "stretches": {
                    "hills": {
                        "start": "junction",
                        "end": "west",
                        "trip": "12 h",
                        "area_km2": 200,
                        "residents_per_km": 3,
                        "exposed_km": 4,
                        "noticed": 0.3,
                        "turned_back": 0.3,
                    },
                    "river": {
                        "start": "junction",
                        "end": "east",
                        "trip": "20 h",
                        "area_km2": 50,
                        "residents_per_km": 1,
                        "exposed_km": 2,
                        "noticed": 0.5,
                    },
                },
                "crossers": {
                    "trip_cost": "500 CNY",
                    "shame": "2000 CNY",
                    "reopening_chance": 0.1,
                    "readiness": 0.4,
                    "law_abiding": 0.2,
                    "learning": 0.3,
                    "announcement_effect": 0.3,
                    "seeks_care": 0.5,
                },
                "informants": {
                    "b1": 1.0,
                    "capture_cost": "500 CNY",
                    "false_reports_per_day": 1.5,
                    "payout_delay": "3 d",
                },
            },
            hospital_outbreak={
                "town": "east",
                "arrives": "2020-03-03",
                "infected_before": "3 d",
                "home_quarantine": "4 d",
                "neighbour_hazard_per_day": 2.0,
                "admitted_after": "9 d",
                "hospitals": [
                    {"stay": "3 d", "people": 20, "hazard_per_day": 0.1},
                    {"stay": "10 d", "people": 15, "hazard_per_day": 0.1},
                ],
            },
            costs="china_2020",
            policies={
                **_BASE["policies"],
                "port_closures": {"east_port": shut, "west_port": shut},
                "site_beds": {"east_hotel": 30, "west_hotel": 20},
                "patrols": {"hills": _changes("2020-03-15", 2, 9)},
                "sensors": {"hills": 0.1, "river": 0.2},
                "fine": "1000 CNY",
                "detention": [{"from": "2020-03-12", "value": "10 d"}],
                "rewards": [
                    {
                        "from": "2020-03-08",
                        "until": "2020-03-18",
                        "report": "1000 CNY",
                        "capture": "5000 CNY",
                    },
                    {
                        "from": "2020-03-18",
                        "report": "3000 CNY",
                        "capture": "9000 CNY",
                        "announced": "2020-03-14",
                    },
                ],
                "reward_budget": "90000 CNY",
                "lockdown": {"east": [{"from": "2020-03-22", "value": 0.6}]},
                "symptomatic_testing": {"east": 0.6, "west": 0.8},
                "contact_tracing": {"east": 0.5, "west": 0.7},
                "house_restrictions": {"east": 0.4, "west": 0.9},
            },
        )
    )


def cohort() -> Scenario:
    """Return a cohort whose illness begins before departure and has ended for some."""
    return scenario_of(
        a_world(
            disease={
                **_DISEASE,
                "offspring_dispersion": None,
                "asymptomatic_lasts": {"kind": "exponential", "mean": "5 d"},
            },
            source={
                "kind": "cohort",
                "timing": {"kind": "course", "until": "recovery", "multiple": 1.5},
            },
            travellers={
                "start": "city",
                "pool": 800,
                "demand": {"kind": "cohort", "people": 800, "date": "2020-03-02"},
            },
            policies={
                "exit_screening": {"plane": 0.6},
                "entry_screening": {"east_port": 0.6, "west_port": 0.6},
                "quarantine_stay": "3 d",
                "quarantine_tests": ["1 d"],
            },
        )
    )


def screening() -> Scenario:
    """Return a cohort that is asked and tested on its way, with a disease of periods."""
    disease = {
        **_DISEASE,
        "incubation": {"kind": "gamma_quantiles", "shares": [0.5, 0.9], "times": ["4 d", "8 d"]},
        "infectiousness": {
            "since": "onset",
            "profile": {
                "kind": "constant",
                "latent": {"kind": "uniform", "low": "2 h", "high": "1 d"},
                "lead": {"kind": "uniform", "low": "1 d", "high": "3 d"},
                "lasts": {"kind": "gamma_moments", "mean": "6 d", "variance": 4},
                "asymptomatic_lasts": {"kind": "weibull", "shape": 2, "scale": "4 d"},
            },
        },
        "symptoms_last": {"kind": "table", "shares": [0, 0.5, 1], "times": ["2 d", "6 d", "15 d"]},
        "asymptomatic_lasts": {"kind": "exponential", "mean": "5 d"},
    }
    antigen = {
        "sensitivity": {
            "kind": "stages",
            "latent": 0.1,
            "infectious": 0.8,
            "presymptomatic": 0.6,
            "recovered": 0.05,
        },
        "asymptomatic_factor": 0.8,
        "specificity": 0.97,
        "turnaround": "30 min",
    }
    table = {
        "kind": "table",
        "days": [-2, 0, 4, 20],
        "sensitivity": [0.1, 0.9, 0.8, 0.1],
        "since": "onset",
    }
    return scenario_of(
        a_world(
            disease=disease,
            source={
                "kind": "cohort",
                "timing": {"kind": "before", "before": {"kind": "exponential", "mean": "5 d"}},
                "infected_share": {"kind": "beta", "a": 6, "b": 4},
            },
            travellers={
                "start": "city",
                "pool": 600,
                "demand": {"kind": "cohort", "people": 600, "date": "2020-03-02", "at": "8 h"},
                "aware_share": 0.5,
                "arrival_tests_taken": 0.8,
            },
            quarantine={
                **_BASE["quarantine"],
                "symptom_swabs": ["0 d antigen", "1 d"],
                "facility": {"adherence": 0.8},
                "home": {"adherence": 0.5},
            },
            laboratory={
                **_BASE["laboratory"],
                "sensitivity": table,
                "assays": {"antigen": antigen},
            },
            residents={"east": {"people": 4000, "community_hazard_per_day": 0.3}},
            policies={
                "exit_questionnaire": {"plane": 0.6},
                "pre_departure_test": {"plane": "1 d antigen"},
                "entry_questionnaire": {"east_port": 0.5, "west_port": 0.7},
                "quarantine_stay": "5 d",
                "quarantine_tests": ["1 d antigen", "3 d"],
                "test_before_release": "6 h antigen",
                "arrival_tests": ["5 d antigen", "8 d"],
                "site_beds": {"east_hotel": 100, "west_hotel": 60},
                "self_isolation": 0.5,
                "symptomatic_testing": {"east": 0.3},
            },
        )
    )


WORLDS = {"corridor": corridor, "border": border, "cohort": cohort, "screening": screening}
