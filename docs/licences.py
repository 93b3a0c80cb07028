"""``python -m docs.licences``: put versions and licences of what is needed into its page.

Not part of the checks, because it needs every extra: ``pip install -e '.[dev,parquet,bench]'``. To
be run with Python 3.11, which needs some packages that later versions do not.
"""

import sys
from importlib.metadata import PackageNotFoundError

from docs.blocks.dependencies import development_block, run_time_block
from docs.blocks.marked import write_pages


def main() -> int:
    """Fill the page and return the exit code."""
    try:
        write_pages("licences", {"run time": run_time_block, "development": development_block})
    except PackageNotFoundError as missing:
        print(f"{missing.name} is not installed: every extra is needed", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
