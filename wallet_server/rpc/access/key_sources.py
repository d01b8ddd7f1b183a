"""Where keys come from: a file, or the address of whoever signs the tokens.

Both are read again while the server runs, so that keys are changed without a restart. What cannot
be read, or makes no sense, changes nothing: the keys from before stay.
"""

import asyncio
import http.client
import logging
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from wallet_server.rpc.access.keys import KeysError, VerifyingKey, read_keys

logger = logging.getLogger(__name__)

FETCH_SECONDS_MAX = 5.0
KEYS_BYTES_MAX = 1_048_576


class KeySource(Protocol):
    """Gives keys."""

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey] | None:
        """Returns the keys, or none if nothing can have changed.

        `is_missed` says that a token names a key that is not known.

        Raises:
            KeysError: They cannot be read.
        """
        ...


class KeyFile:
    """A file with a JWKS, or with public keys as PEM. It is read when it was written."""

    def __init__(self, path: Path) -> None:
        """Has read nothing yet."""
        self._path = path
        self._seen: tuple[int, int, int] | None = None

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey] | None:
        """Returns the keys if the file is another than it was."""
        del is_missed  # To look costs next to nothing.
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen == self._seen:
                return None
            content = self._path.read_bytes()
            self._seen = seen  # Of what could be read it is told once what is wrong with it.
            return read_keys(content)
        except OSError as error:
            raise KeysError(f"{self._path}: {error.strerror}") from error
        except KeysError as error:
            raise KeysError(f"{self._path}: {error}") from error


class KeyAddress:
    """A URL with a JWKS. It is fetched when it is old, or sooner if a key is missing.

    One that could not be fetched is as old as before: it is tried again after a pause.
    """

    def __init__(
        self,
        url: str,
        *,
        age_seconds_max: float,
        pause_seconds_min: float,
        now_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Has fetched nothing yet. Between two tries there is at least a pause."""
        self._url = url
        self._age_seconds_max = age_seconds_max
        self._pause_seconds_min = pause_seconds_min
        self._now_seconds = now_seconds
        self._tried_seconds: float | None = None
        self._fetched_seconds: float | None = None

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey] | None:
        """Returns the keys if it is time to fetch them."""
        now_seconds = self._now_seconds()
        is_wanted = is_missed or is_past(self._fetched_seconds, self._age_seconds_max, now_seconds)
        pause_seconds = self._pause_seconds_min
        if not is_missed:
            pause_seconds = min(pause_seconds, self._age_seconds_max)
        if not (is_wanted and is_past(self._tried_seconds, pause_seconds, now_seconds)):
            return None
        self._tried_seconds = now_seconds
        try:
            keys = read_keys(await asyncio.to_thread(fetch, self._url))
        except KeysError as error:
            raise KeysError(f"{self._url}: {error}") from error
        self._fetched_seconds = now_seconds
        return keys


def is_past(since_seconds: float | None, seconds: float, now_seconds: float) -> bool:
    """Tells whether so long has passed since something; it has, where that never was."""
    return since_seconds is None or now_seconds - since_seconds >= seconds


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Lets nobody send us elsewhere, such as to where nothing is encrypted."""

    def redirect_request(self, *args: Any, **names: Any) -> None:
        """Goes nowhere: the redirect is then an error."""
        del args, names


def fetch(url: str) -> bytes:
    """Returns what is at an address.

    Raises:
        KeysError: Nothing is, or it takes too long, or is too large.
    """
    opener = urllib.request.build_opener(NoRedirects)
    try:
        with opener.open(url, timeout=FETCH_SECONDS_MAX) as response:
            content: bytes = response.read(KEYS_BYTES_MAX + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise KeysError(f"it cannot be fetched: {error}") from error
    if len(content) > KEYS_BYTES_MAX:
        raise KeysError(f"it has more than {KEYS_BYTES_MAX} bytes")
    return content


class KeyRing:
    """The keys that count now. `version` rises with every change of them."""

    def __init__(self, source: KeySource) -> None:
        """Has no keys before they are loaded."""
        self._source = source
        self._keys: Sequence[VerifyingKey] = ()
        self._reading = asyncio.Lock()
        self.version = 0

    def find(self, key_id: str | None) -> Sequence[VerifyingKey]:
        """Returns the keys of that name; all, if a token names none."""
        if key_id is None:
            return self._keys
        return [key for key in self._keys if key.key_id == key_id]

    async def load(self) -> None:
        """Reads the keys for the first time.

        Raises:
            KeysError: They cannot be read.
        """
        self._take(await self._source.read(is_missed=False))

    async def refresh(self, *, is_missed: bool = False) -> None:
        """Reads the keys again, if they can have changed. Those from before stay if that fails."""
        async with self._reading:
            try:
                self._take(await self._source.read(is_missed=is_missed))
            except KeysError as error:
                logger.warning("the keys of tokens stay as they were: %s", error)

    def _take(self, keys: Sequence[VerifyingKey] | None) -> None:
        if keys is not None and tuple(keys) != tuple(self._keys):
            self._keys = keys
            self.version += 1
            logger.info("keys of tokens", extra={"key_ids": [key.key_id for key in keys]})
