"""What price refreshes brought, kept in `prices.json` in the data directory.

One line a layer, oldest first, so that people can read what came when:

    {"schema":1,"url":"https://…","etag":"…",…,"layers":[
    {"asOf":"2026-11-20","cards":{"model-a":"…"},"gone":["model-b"]},
    {"asOf":"2026-11-22","cards":{…},"gone":[]}
    ]}

The file is replaced as a whole, never changed in place: a kill leaves the old one or the new.
Who writes has read it before and gives every layer back; two may not write at the same time.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from itertools import count, islice
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.text import clean

SCHEMA = 1
MOST_BYTES = 64 * 2**20
"""The largest file that is read or written; a refresh adds some kilobytes."""
MOST_FAILURE = 1000
"""How many characters of a failure are kept; what is longer ends in an ellipsis."""
MOST_REFUSED = 20
"""How many refused models are kept."""

_LAST_MS = 253_402_300_799_999  # the last millisecond of the year 9999

_Key = Annotated[str, Meta(min_length=1, max_length=256)]
_Card = Annotated[str, Meta(min_length=1, max_length=8192)]
_Instant = Annotated[int, Meta(ge=0, le=_LAST_MS)]


class Layer(NamedTuple):
    """What one refresh changed; it is never changed itself.

    Attributes:
        as_of: the day of the refresh in UTC, as in "2026-11-22".
        cards: by the name of a listing, the text of its cards (`pricing.cards`).
        gone: names that were listed before and no longer are.
    """

    as_of: str
    cards: Mapping[str, str] = MappingProxyType({})
    gone: tuple[str, ...] = ()


class Downloads(NamedTuple):
    """All that refreshes brought, and how the last one went.

    Attributes:
        url: where the last one asked; at most 4096 characters.
        etag: what names the version that was accepted last.
        checked_at: epoch milliseconds of the last answer that was accepted, a 304 included.
        tried_at: epoch milliseconds of the last try.
        failure: why the last try failed, one sentence; None when it was good.
        retry_soon: the last failure was the network's, not the answer's.
        refused: models that kept their rates at the last answer, and why; some of them if many.
        layers: oldest first.
    """

    url: str = ""
    etag: str | None = None
    checked_at: int | None = None
    tried_at: int | None = None
    failure: str | None = None
    retry_soon: bool = False
    refused: Mapping[str, str] = MappingProxyType({})
    layers: tuple[Layer, ...] = ()


class DownloadsError(AmpTrayError):
    """The file of fetched prices cannot be read, written or set aside."""

    title = "the fetched prices cannot be used"


class DamagedDownloadsError(DownloadsError):
    """The file is none of ours, or no longer a whole one; it is to be set aside."""

    title = "the fetched prices are damaged"


class NewerDownloadsError(DownloadsError):
    """A newer version of the program wrote the file; it is left as it is."""

    title = "the fetched prices are from a newer amp-tray"


class _Schema(msgspec.Struct):
    """What every version's file begins with, whatever else is in it."""

    schema: Annotated[int, Meta(ge=1, le=2**31)]


class _Layer(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    as_of: str
    cards: dict[_Key, _Card]
    gone: tuple[_Key, ...]


class _Head(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    schema: int
    url: Annotated[str, Meta(max_length=4096)]
    etag: Annotated[str, Meta(max_length=256)] | None
    checked_at: _Instant | None
    tried_at: _Instant | None
    failure: Annotated[str, Meta(max_length=MOST_FAILURE)] | None
    retry_soon: bool
    refused: dict[_Key, Annotated[str, Meta(max_length=MOST_FAILURE)]] = {}


class _File(_Head, rename="camel", forbid_unknown_fields=True, kw_only=True):
    layers: tuple[_Layer, ...]


_BAD_CONTENT = (msgspec.MsgspecError, ValueError, RecursionError)


def read_downloads(path: Path) -> Downloads:
    """Return what is remembered; nothing where there is no file.

    Raises:
        DamagedDownloadsError: its content is not what this program writes.
        NewerDownloadsError: a newer version of the program wrote it.
        DownloadsError: it cannot be read at all.
    """
    with _told(path, "read"):
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return Downloads()
    try:
        schema = _schema_of(data)
        if schema == SCHEMA:
            return _decode(data)
    except _BAD_CONTENT as error:
        raise DamagedDownloadsError(
            f"{path}: {clean(str(error))}", hint="the next refresh sets it aside and begins anew"
        ) from error
    raise NewerDownloadsError(
        f"{path}: it has schema {schema}, known is {SCHEMA}", hint="update amp-tray"
    )


def write_downloads(path: Path, downloads: Downloads) -> None:
    """Replace the file, atomically and durably; its directory is made if there is none.

    Args:
        downloads: all there is to remember, the layers that were there before included.

    Raises:
        DownloadsError: it could not be written, or could not be read again; the file that
            was there is whole.
    """
    data = _encode(path, downloads)
    with _told(path, "written"):
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.chmod(0o700)  # whatever the umask took
        for left in path.parent.glob(f".{path.name}.*.part"):  # by a writer that was killed
            with suppress(OSError):
                left.unlink()
        import tempfile  # noqa: PLC0415 - slow to load, and only a refresh writes

        descriptor, name = tempfile.mkstemp(".part", f".{path.name}.", path.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _sync_directory(path.parent)


def set_aside(path: Path, now_ms: int) -> Path:
    """Rename a damaged file to `prices.damaged-<UTC time>.json`; return where it lies now.

    No file that is there is written over.

    Args:
        now_ms: epoch milliseconds.

    Raises:
        DownloadsError: it cannot be renamed.
    """
    with _told(path, "set aside"):
        aside = _reserved(path, now_ms)
        try:
            path.replace(aside)
        except BaseException:
            aside.unlink()
            raise
        _sync_directory(path.parent)
    return aside


def _schema_of(data: bytes) -> int:
    """Return the schema of a file that is not too large; raises one of _BAD_CONTENT."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 2**20} MiB")
    return msgspec.json.decode(data, type=_Schema).schema


def _decode(data: bytes) -> Downloads:
    """Return what a file of our schema says; raises one of _BAD_CONTENT."""
    file = msgspec.json.decode(data, type=_File)
    for layer in file.layers:
        # Python reads other spellings of a date too, such as 20261122 and 2026-W47-7.
        if date.fromisoformat(layer.as_of).isoformat() != layer.as_of:
            raise ValueError(f"{layer.as_of!r} is no day as in 2026-11-22")
    return Downloads(
        url=file.url,
        etag=file.etag,
        checked_at=file.checked_at,
        tried_at=file.tried_at,
        failure=file.failure,
        retry_soon=file.retry_soon,
        refused=file.refused,
        layers=tuple(Layer(layer.as_of, layer.cards, layer.gone) for layer in file.layers),
    )


def _encode(path: Path, downloads: Downloads) -> bytes:
    """Return the file's bytes, which are known to be readable."""
    failure = downloads.failure
    head = _Head(
        schema=SCHEMA,
        url=downloads.url,
        etag=downloads.etag,
        checked_at=downloads.checked_at,
        tried_at=downloads.tried_at,
        failure=None if failure is None else clean(failure, MOST_FAILURE),
        retry_soon=downloads.retry_soon,
        refused=dict(islice(sorted(downloads.refused.items()), MOST_REFUSED)),
    )
    layers = [_Layer(layer.as_of, dict(layer.cards), layer.gone) for layer in downloads.layers]
    try:
        lines = b",\n".join(map(msgspec.json.encode, layers))
        data = msgspec.json.encode(head)[:-1] + b',"layers":[\n' + lines + b"\n]}\n"
        _schema_of(data)
        _decode(data)
    except _BAD_CONTENT as error:
        raise DownloadsError(f"{path} was not written: {clean(str(error))}") from error
    return data


def _reserved(path: Path, now_ms: int) -> Path:
    """Return a free name, taken by an empty file so that it stays free for us."""
    at = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        aside = path.with_name(f"{path.stem}.damaged-{at}{again}{path.suffix}")
        with suppress(FileExistsError):
            aside.touch(0o600, exist_ok=False)
            return aside
    raise AssertionError  # count() has no end


def _sync_directory(directory: Path) -> None:
    if sys.platform == "win32":  # which has no such thing
        return
    # Some file systems refuse it; the new file is in its place all the same.
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DownloadsError(
            f"{path} cannot be {what}: {error.strerror or error}",
            hint="check the disk's space and the permissions of the file and its directory",
        ) from error
