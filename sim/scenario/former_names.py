"""Former names of fields and outcomes, so that errors can name the new ones."""

FORMER_NAMES = {
    # fields of scenario files
    "exit_test": "pre_departure_test",
    "party_size": "travel_group_size",
    "party_dispersion": "travel_group_dispersion",
    "kept_by": "adherence",
    # outcomes
    "infections_at_large": "community_infections",
    "infectiousness_at_large": "community_infectiousness",
    "infectious_days_at_large": "community_infectious_days",
    "fate_found_at_large": "fate_found_in_community",
    "cost_exit_test_cny": "cost_pre_departure_test_cny",
    # shipped scenarios
    "exit_tests": "pre_departure_tests",
    "exit_tests.yaml": "pre_departure_tests.yaml",
}
"""The name today, by the former one."""
