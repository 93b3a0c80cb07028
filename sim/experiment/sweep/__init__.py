"""Sweeps: a world run at many points of what is varied, from one YAML file."""
