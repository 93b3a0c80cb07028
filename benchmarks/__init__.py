"""Timed comparisons: bordersim beside a plain Mesa model and Covasim, in one run."""
