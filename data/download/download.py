"""Downloads that resume, are checked, are asked for again only when they changed, and never replace good by bad."""

from __future__ import annotations

import errno
import hashlib
import re
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

import requests
from requests.exceptions import ChunkedEncodingError, RequestException, SSLError, Timeout
from requests.exceptions import ConnectionError as NoConnectionError

from data.download.cache import Fetched, Slot, file_date
from data.download.sources import Patience, Source, Sources
from data.errors import InputError
from data.files.content import DamagedError, Kind, WrongContentError, check_content
from data.files.whole import turn
from data.progress import Progress, waiting

Result = TypeVar("Result")

LONGEST_PAUSE_S = 300.0
"""A server that asks to come back later than this is left alone: the user can do so himself."""
VALIDATORS = ("ETag", "Last-Modified")
_CHUNK_BYTES = 2**18
_TRY_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_MB = 1e6


class SourceError(InputError):
    """A live source does not give what it should; `Downloader.first` adds the address where the message does not name it."""


class SourceMovedError(SourceError):
    """There is nothing at the address of a live source any more, or not yet."""


class NeverDownloadedError(SourceError):
    """No server is asked, and there is no earlier download."""


class NoNetworkError(SourceError):
    """There is no way from here to the server of a live source."""


class _TryAgainError(Exception):
    """What may go better next time, after a pause of at least `pause_s`."""

    def __init__(self, reason: str, pause_s: float = 0.0) -> None:
        super().__init__(reason)
        self.pause_s = pause_s


class Downloader:
    """Gets files over HTTP into one folder; proxies are those of the environment, as `requests` reads them.

    Parameters
    ----------
    sources
        For the folder, the patience and whom the servers may write to.
    progress
        Told what is being downloaded and which share of it is there.
    offline
        Whether to make do with what was downloaded before.

    """

    def __init__(self, sources: Sources, progress: Progress, *, offline: bool) -> None:
        self.folder = sources.folder
        self.offline = offline
        contact = f"; {sources.contact}" if sources.contact else ""
        self.agent = f"dorpshub/{version('dorpshub')} (travel times from villages{contact})"
        self._patience: Patience = sources.patience
        self._progress = progress
        self._asking = not offline
        self._trouble = "not asked: offline"
        self._session = requests.Session()
        self._session.max_redirects = 5
        self._session.headers["User-Agent"] = self.agent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @property
    def asking(self) -> bool:
        """Whether servers are asked; if not, earlier downloads stand in."""
        return self._asking

    def first(self, source: Source, use: Callable[[str], Result]) -> Result:
        """Return what `use` makes of the first address of `source` for which it raises no SourceError.

        When no address gives anything, earlier downloads stand in: a mirror or another edition is better than an old
        copy, and an old copy better than nothing.

        Raises
        ------
        SourceError
            With every address that was tried, what came of it, and where to change them.

        """
        troubles: list[str] = []
        for asking in (False,) if self.offline else (True, False):
            self._asking, self._trouble = asking, " ".join(troubles) or "not asked: offline"
            for address in source.addresses:
                try:
                    return use(address)
                except NeverDownloadedError as error:
                    if self.offline:
                        troubles.append(str(error))
                except NoNetworkError as error:
                    troubles.append(str(error))
                except SourceError as error:
                    troubles.append(str(error) if address in str(error) else f"{address}: {error}")
                troubles = list(dict.fromkeys(troubles))
        tried = " ".join(troubles) or "No address is given."
        msg = f"{source.credit}: {tried} The addresses stand in {source.where}; a mirror or a file on disk will do."
        raise SourceError(msg)

    def get(self, source: Source, address: str, kind: Kind) -> Fetched:
        """Return the file at an address of `source`, downloaded only when it is not here as it is there.

        Only for use within `first`, which decides whether servers are asked.

        Raises
        ------
        SourceMovedError
            When there is nothing at the address.
        NoNetworkError
            When there is no way to the server; at once, as patience does not help.
        SourceError
            When the file cannot be had whole, is not of `kind`, or is longer than the source may be.

        """
        if not address.startswith(("http://", "https://")):
            return _on_disk(Path(address), kind)
        slot = Slot(self.folder, address)
        if not self._asking:
            if slot.path.is_file():
                return slot.fetched("kept", self._trouble)
            raise NeverDownloadedError("Nothing of it was ever downloaded, and now it is offline.")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with turn(slot.path, lambda: self._progress(f"waiting for another download of {source.id}", 0.0)):
                return self._persist(slot, source, kind)
        except OSError as error:
            msg = f"{address} cannot be stored in {self.folder}: {error.strerror or error}."
            raise SourceError(msg) from error

    def size_mb(self, address: str) -> float:
        """Size of the file at an address as its server tells it, or as it was downloaded before; 0 where unknown."""
        slot = Slot(self.folder, address)
        if not address.startswith(("http://", "https://")):
            return Path(address).stat().st_size / _MB if Path(address).is_file() else 0.0
        if slot.path.is_file():
            return slot.path.stat().st_size / _MB
        if self.offline:
            return 0.0
        patience = (self._patience.connect_s, self._patience.read_s)
        try:
            with self._waiting(address):
                answer = self._session.head(
                    address, headers={"Accept-Encoding": "identity"}, timeout=patience, allow_redirects=True
                )
        except RequestException:
            return 0.0
        return float(answer.headers.get("Content-Length") or 0) / _MB if answer.ok else 0.0

    def _waiting(self, address: str) -> AbstractContextManager[None]:
        """Tell whose answer is waited for, where it takes long."""
        return waiting(self._progress, urlsplit(address).hostname or address)

    def _persist(self, slot: Slot, source: Source, kind: Kind) -> Fetched:
        """Try as often as patience allows; what has arrived already is not asked for again."""
        trouble, attempt = "", 0
        for attempt in range(1, self._patience.attempts + 1):
            pause_s = self._patience.pause_s * 2 ** (attempt - 1)
            try:
                return self._attempt(slot, source, kind)
            except _TryAgainError as error:
                trouble, pause_s = str(error), max(error.pause_s, pause_s)
            except DamagedError as error:
                slot.drop_part()
                trouble = str(error)
            except SSLError as error:
                raise SourceError(
                    f"{slot.url} is not certified as this machine asks ({_root(error)})."
                ) from error
            except (NoConnectionError, Timeout, ChunkedEncodingError) as error:
                if _without_network(error):
                    msg = f"There is no way from here to {urlsplit(slot.url).hostname} ({_root(error)}): is there a network?"
                    raise NoNetworkError(msg) from error
                trouble = f"no answer, or it broke off ({_root(error)})"
            except RequestException as error:
                raise SourceError(f"{slot.url} cannot be asked for ({_root(error)}).") from error
            if pause_s > LONGEST_PAUSE_S:
                break
            if attempt < self._patience.attempts:
                with self._waiting(slot.url):
                    time.sleep(pause_s)
        raise SourceError(f"{slot.url} failed {attempt} times, at last with: {trouble}.")

    def _attempt(self, slot: Slot, source: Source, kind: Kind) -> Fetched:
        """One request, for the whole or for what is missing, and the checks of what came."""
        if kind == "json":
            slot.drop_part()  # comes packed, so that a part of it is no part of the file
        headers, start = slot.conditions()
        if kind != "json":
            headers["Accept-Encoding"] = "identity"  # parts and lengths are those of the file itself
        patience = (self._patience.connect_s, self._patience.read_s)
        with self._waiting(slot.url):
            answer = self._session.get(slot.url, headers=headers, stream=True, timeout=patience)
        with answer as response:
            if response.status_code == HTTPStatus.NOT_MODIFIED and slot.path.is_file():
                return slot.fetched("unchanged")
            _refuse_status(slot, response)
            if response.status_code == HTTPStatus.PARTIAL_CONTENT:
                _refuse_other_part(slot, response, start)
            else:
                start = 0
                note = {name: response.headers.get(name, "") for name in VALIDATORS}
                slot.start_part(note | {"url": slot.url, "date": _date(response)})
            self._receive(slot, source, response, start)
        try:
            check_content(slot.part, kind)
        except WrongContentError as error:
            slot.drop_part()
            raise SourceError(f"{slot.url} was answered, but {error}.") from error
        if source.digest:
            self._check_digest(slot, source)
        slot.finish()
        return slot.fetched("new")

    def _receive(self, slot: Slot, source: Source, response: requests.Response, start: int) -> None:
        """Write the answer behind the first `start` bytes of the part."""
        done, total = start, start + int(response.headers.get("Content-Length") or 0)
        label = f"downloading {source.id}"
        with slot.part.open("ab") as stream:
            for chunk in response.iter_content(_CHUNK_BYTES):
                done += len(chunk)
                if max(done, total) > source.max_mb * _MB:
                    slot.drop_part()
                    raise SourceError(
                        f"{slot.url} is longer than {source.max_mb:g} MB; if that is right, raise max_mb in {source.where}."
                    )
                stream.write(chunk)
                self._progress(label, min(done / total, 1.0) if total else 0.0)
        self._progress(label, 1.0)

    def _check_digest(self, slot: Slot, source: Source) -> None:
        """Compare the part with the MD5 beside it; where the publisher gives none for this file there is nothing to compare."""
        patience = (self._patience.connect_s, self._patience.read_s)
        with self._waiting(slot.url):
            answer = self._session.get(slot.url + source.digest, timeout=patience)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return
        published = re.match(r"\s*([0-9a-fA-F]{32})\b", answer.text[:200])
        if not answer.ok or not published:
            raise _TryAgainError(f"the digest at {slot.url}{source.digest} cannot be read")
        with slot.part.open("rb") as stream:
            own = hashlib.file_digest(stream, "md5").hexdigest()
        if own != published[1].lower():
            raise DamagedError(f"its MD5 is {own}, not {published[1]} as published")


def _on_disk(path: Path, kind: Kind) -> Fetched:
    if not path.is_file():
        raise SourceMovedError(f"There is no file {path}.")
    try:
        check_content(path, kind)
    except (DamagedError, WrongContentError) as error:
        raise SourceError(f"{path} cannot be used: {error}.") from error
    return Fetched(str(path), path, file_date(path), "on disk")


def _refuse_other_part(slot: Slot, response: requests.Response, start: int) -> None:
    """Refuse a part that is not the rest of the file as it was when its download began."""
    before = slot.note(slot.part)
    changed = any(response.headers.get(name, before.get(name)) != before.get(name) for name in VALIDATORS)
    if changed or not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
        slot.drop_part()
        raise _TryAgainError("the file changed while it was downloaded")


def _refuse_status(slot: Slot, response: requests.Response) -> None:
    status = response.status_code
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return
    said = f"{status} {response.reason}"
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        slot.drop_part()
        raise _TryAgainError(said)
    if status in _TRY_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        wait = response.headers.get("Retry-After", "")
        raise _TryAgainError(said, float(wait) if wait.isdigit() else 0.0)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise SourceMovedError(f"There is nothing at {slot.url} ({said}).")
    raise SourceError(f"{slot.url} was refused ({said}).")


def _date(response: requests.Response) -> str:
    for name in ("Last-Modified", "Date"):
        try:
            return parsedate_to_datetime(response.headers.get(name, "")).date().isoformat()
        except ValueError:
            continue
    return ""


def _root(error: BaseException) -> str:
    """Return the innermost reason in words."""
    inner = _innermost(error)
    return str(inner) or type(inner).__name__


def _without_network(error: BaseException) -> bool:
    """Whether the name of the server is not found or nothing leads to it: asking again in a minute is no better."""
    inner = _innermost(error)
    unreached = isinstance(inner, OSError) and inner.errno in {errno.ENETUNREACH, errno.ENETDOWN}
    return unreached or isinstance(inner, socket.gaierror)


def _innermost(error: BaseException) -> BaseException:
    """Return the innermost reason: requests wraps it several times."""
    while error.__context__ is not None:
        error = error.__context__
    return error
