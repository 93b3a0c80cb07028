"""Names of outcomes as a reader meets them, with their units."""

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
