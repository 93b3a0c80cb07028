"""Where compiled code is kept between processes.

numba looks only at the file of a function for changes, not at the files of what it calls. So the
folder is named after a hash of all sources: an edit of any of them is another folder.
"""

import hashlib
import os
import sys
import tempfile
from functools import cache
from pathlib import Path


@cache
def prepared_folder() -> str | None:
    """Return a folder that can be written to, or None where there is none."""
    for parent in _parents():
        folder = parent / "bordersim" / _hash_of_sources()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue
    return None


def _parents() -> list[Path]:
    """Return the folders for caches, the preferred one first."""
    own = os.environ.get("BORDERSIM_CACHE_DIR")
    if own:
        return [Path(own)]
    home = Path.home()
    if sys.platform == "win32":
        of_user = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        of_user = home / "Library" / "Caches"
    else:
        of_user = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return [of_user, Path(tempfile.gettempdir())]


@cache
def _hash_of_sources() -> str:
    state = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        state.update(path.name.encode() + b"\0" + path.read_bytes())
    return state.hexdigest()[:16]
