"""From YAML text to a valid scenario, with every error at its line and column."""
