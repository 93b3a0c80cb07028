"""Read untrusted files: regular files of limited size only."""

import stat
from pathlib import Path


class FileRefused(ValueError):
    """A file is refused; the message gives the reason without naming the file."""


def read_ordinary(path: Path, most: int) -> bytes:
    """Return the content of the file at ``path``.

    Pipes could block forever, and devices may have no end.

    Args:
        path: the file; a link to one is followed.
        most: largest size in bytes.

    Raises:
        FileRefused: it cannot be read, is not a regular file or is too large.
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
