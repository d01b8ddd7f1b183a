"""The objects of a PDF, written one after another.

A PDF ends with a list of where its objects are, and they may come in any order. So each page
can go as soon as it is full: all that is kept are eight bytes for each object.
"""

import zlib
from array import array
from collections.abc import Iterable

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""The second line tells programs that copy files that this one is not text."""

SUBSTITUTES = str.maketrans(
    {
        "\u202f": "\xa0",  # The narrow space that French puts between thousands.
        "\u060c": ",",  # The commas of other scripts.
        "\u2e41": ",",
        "\u066b": ".",  # Their decimal point.
    }
)
"""What languages write numbers with and the fonts that every reader has do not know."""


class PdfObjects:
    """Writes objects, each under a number that was reserved for it."""

    def __init__(self) -> None:
        """Begins the file."""
        self._ready = bytearray(HEADER)
        self._taken_bytes = 0
        self._offsets = array("Q")

    def reserve(self) -> int:
        """Returns the number of an object that is to be written later."""
        self._offsets.append(0)
        return len(self._offsets)

    def write(self, number: int, body: str) -> None:
        """Writes an object."""
        self._begin(number)
        self._ready += f"{body}\nendobj\n".encode("ascii")

    def write_stream(self, number: int, content: bytes, dictionary: str = "") -> None:
        """Writes an object that is a stream, compressed."""
        packed = zlib.compress(content)
        self._begin(number)
        head = f"<< {dictionary} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        self._ready += head.encode("ascii")
        self._ready += packed
        self._ready += b"\nendstream\nendobj\n"

    def end(self, root: int, info: int) -> None:
        """Writes where the objects are. All that were reserved must have been written."""
        start = self._taken_bytes + len(self._ready)
        count = len(self._offsets) + 1
        self._ready += f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii")
        for offset in self._offsets:
            assert offset
            self._ready += b"%010d 00000 n \n" % offset
        trailer = f"<< /Size {count} /Root {root} 0 R /Info {info} 0 R >>"
        self._ready += f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii")

    def take(self) -> bytes:
        """Returns what is ready."""
        ready = bytes(self._ready)
        self._taken_bytes += len(ready)
        self._ready.clear()
        return ready

    def _begin(self, number: int) -> None:
        self._offsets[number - 1] = self._taken_bytes + len(self._ready)
        self._ready += f"{number} 0 obj\n".encode("ascii")


def string(text: str) -> bytes:
    """Returns text as pages have it. What the fonts do not know becomes a question mark."""
    encoded = printable(text).encode("cp1252", "replace")
    escaped = encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + escaped + b")"


def printable(text: str) -> str:
    """Returns text in characters that the fonts know, as far as there are such."""
    return text.translate(SUBSTITUTES)


def text_string(text: str) -> str:
    """Returns text as the properties of a file have it: any characters."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def references(numbers: Iterable[int]) -> str:
    """Returns a list of objects."""
    return f"[{' '.join(f'{number} 0 R' for number in numbers)}]"
