"""Names of outcomes as a reader meets them, with their units."""

from sim.world.detection import CAUSE_LABELS, CAUSES
from sim.world.fates import FATE_LABELS, Fate
from sim.world.origins import ORIGIN_LABELS, Origin

OUTCOME_LABELS = {
    "entrants": "People who entered",
    "infected_at_entry": "Infected when they entered",
    "imported_confirmed": "Imported cases confirmed",
    "peak_imported_confirmed_new": "Most confirmed on one day",
    "first_positives": "First positive tests",
    "fate_released_infectious": "Released before infectiousness ended",
    "infectiousness_after_release_share": "Infectiousness after release (share)",
    "infected_on_board": "Infected on board",
    "infected_in_staging": "Infected in staging towns",
    "infected_in_quarantine": "Infected in quarantine",
    "stranded_person_days": "Stranded (person-days)",
    "quarantine_person_days": "Quarantine (person-days)",
    "tests": "Tests processed",
    "peak_lab_backlog": "Longest backlog (swabs)",
    "peak_hospital_occupancy": "Most hospital beds in use",
    "infected_per_vehicle_variance_to_mean": "Spread between vehicles (variance/mean)",
    "undetected_share": "Undetected (share of infected)",
    "illegal_attempts": "Attempts to cross illegally",
    "illegal_caught": "Caught crossing",
    "illegal_entered": "Crossed unseen",
    "local_infections": "Residents infected",
    "hospital_outbreak_size": "Infected in the hospital outbreak",
    "infections_at_large": "Infected and at large behind the border",
    "cost_cny": "Total cost (CNY)",
}
"""Outcomes that are shown, in this order."""
"""Outcomes of the table that a run prints, in its order."""

_OTHERS = {
    "travellers": "People who set out",
    "gave_up": "Stranded people who gave up",
    "infected_travellers": "Infected travellers",
    "ever_positive_entrants": "Infected entrants who ever tested positive",
    "undecided_entrants": "Infected entrants undecided at the end",
    "undetected_entrants": "Infected entrants never found",
    "infectiousness_after_entry_share": "Infectiousness after entry (share)",
    "infectiousness_on_journey": "Infectiousness on the journey (infections at R = 1)",
    "infectiousness_after_entry": "Infectiousness after entry (infections at R = 1)",
    "infectiousness_in_quarantine": "Infectiousness in quarantine (infections at R = 1)",
    "infectiousness_at_large": "Infectiousness at large (infections at R = 1)",
    "infectious_days_at_large": "Infectious and at large (person-days)",
    "infected_at_source": "Infected before departure",
    "peak_imported_confirmed_day": "Day with most confirmed (day of the calendar)",
    "peak_carriers_stock": "Most carriers under observation",
    "peak_in_quarantine": "Most people in quarantine",
    "vehicles": "Vehicles",
    "infected_per_vehicle_mean": "Infected a vehicle, mean",
    "illegal_turned_back": "Set out to cross, turned back",
    "illegal_entered_infected": "Crossed unseen while infected",
    "seen_by_patrols": "Crossers seen by patrols",
    "seen_by_sensors": "Crossers seen by sensors",
    "caught_on_report": "Crossers caught on a report",
    "captured_by_residents": "Crossers captured by residents",
    "perceived_detection": "Perceived detection at the end (share)",
    "local_first_positives": "First positive tests of residents",
    "days_until_infected_entrant": "Days until the first infected entrant",
    "days_until_local_case": "Days until the first local case",
    "traced_contacts": "Contacts traced",
    "cost_test_cny": "Cost of tests (CNY)",
    "cost_exit_test_cny": "Cost of exit tests (CNY)",
    "cost_quarantine_day_cny": "Cost of quarantine (CNY)",
    "cost_home_quarantine_day_cny": "Cost of quarantine at home (CNY)",
    "cost_monitoring_day_cny": "Cost of monitoring (CNY)",
    "cost_hospital_day_cny": "Cost of hospital stays (CNY)",
    "cost_hospital_bed_day_cny": "Cost of hospital beds kept ready (CNY)",
    "cost_case_investigation_cny": "Cost of case investigations (CNY)",
    "cost_traced_contact_cny": "Cost of tracing (CNY)",
    "cost_patrol_day_cny": "Cost of patrols (CNY)",
    "cost_sensor_day_cny": "Cost of sensors (CNY)",
    "cost_report_cny": "Cost of handling reports (CNY)",
    "cost_caught_crosser_cny": "Cost of catching crossers (CNY)",
    "cost_lockdown_person_day_cny": "Cost of lockdown (CNY)",
    "cost_stranded_day_cny": "Cost of being stranded (CNY)",
    "cost_rewards_cny": "Rewards paid (CNY)",
    "cost_per_crosser_found_cny": "Cost per crosser found (CNY)",
}

ALL_LABELS = (
    {f"fate_{fate.name.lower()}": f"Infected: {FATE_LABELS[fate]}" for fate in Fate}
    | {f"local_from_{o.name.lower()}": f"Residents infected: {ORIGIN_LABELS[o]}" for o in Origin}
    | {
        f"undetected_{cause.name.lower()}": f"Never found: {CAUSE_LABELS[cause]}"
        for cause in CAUSES
    }
    | _OTHERS
    | OUTCOME_LABELS
)
"""Every outcome of a run; those of ``OUTCOME_LABELS`` as they are there."""
