"""Many runs of scenarios: replicates, their summaries, and the folder they are written to."""
