"""Figures and words of sweeps."""
