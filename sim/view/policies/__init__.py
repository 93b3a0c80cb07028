"""Figures of policies compared: differences, costs, and what to choose."""
