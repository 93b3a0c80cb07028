"""Fingerprints of numbers and texts, for exact records of results."""

import hashlib
import json
from typing import Any

import numpy as np


def digest(values: Any, decimals: int = 6) -> str:
    """Return a fingerprint of an array, or of a list; floating-point numbers are rounded."""
    if isinstance(values, np.ndarray):
        values = (np.round(values, decimals) + 0.0).tolist()
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]
