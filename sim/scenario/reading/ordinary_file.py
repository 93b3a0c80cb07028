"""Reads files that someone else may have written: ordinary ones only, and none without end."""

import stat
from pathlib import Path


class FileRefused(ValueError):
    """A file is not read; the message says why, without naming the file."""


def read_ordinary(path: Path, most: int) -> bytes:
    """Return what is in the file at ``path``.

    A pipe would let the reader wait for ever, and a device may have no end.

    Args:
        path: the file; a link to one is followed.
        most: a file of more bytes is refused.

    Raises:
        FileRefused: it cannot be read, is no ordinary file or is too large.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise FileRefused("this is a folder, not a file")
        if not stat.S_ISREG(mode):
            raise FileRefused("not an ordinary file but a pipe or a device")
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except FileNotFoundError as error:
        raise FileRefused("there is no such file") from error
    except OSError as error:
        raise FileRefused(f"unreadable: {error.strerror}") from error
    except ValueError as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused("not a possible name of a file") from error
    if len(content) > most:
        raise FileRefused(f"the file is larger than {most // 1000:,} kB")
    return content
