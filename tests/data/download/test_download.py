"""Downloads against a server that misbehaves: the message says what happened, and earlier data stay."""

from __future__ import annotations

import errno
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from data.download.cache import Fetched
from data.download.download import Downloader, SourceError
from data.download.sources import Patience, Source, Sources, load_sources
from data.files.content import Kind
from data.progress import WAITING
from support.files import ROOT
from support.live_server import (
    Behaviour,
    Handler,
    Server,
    cut_off,
    html,
    instead,
    redirect,
    serve,
    short,
    silent,
    status,
)

FILE = "/feed.zip"


@pytest.fixture
def site() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Our own sources with a folder of this test and little patience."""
    patience = Patience(connect_s=2, read_s=0.4, attempts=3, pause_s=0.01)
    return replace(
        load_sources(), folder=tmp_path / "downloads", patience=patience, contact="me@here.example"
    )


def source(*addresses: str, digest: str = "", max_mb: float = 1) -> Source:
    return Source(
        "timetable", "[source.timetable] in my.toml", addresses, max_mb, "Test feed", "CC0", digest, 0, 0, ()
    )


def zipped(**texts: str) -> bytes:
    """A zip that does not pack: as long as its texts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in texts.items():
            archive.writestr(f"{name}.txt", text)
    return out.getvalue()


GOOD = zipped(stops="stop_id\n" + "x\n" * 300_000)
BETTER = zipped(stops="stop_id\n" + "y\n" * 350_000)
BLOCK = 2**18
"""What arrives is written in blocks of this size; both files are longer than two."""


def get(sources: Sources, asked: Source, *, kind: Kind = "zip", offline: bool = False) -> Fetched:
    with Downloader(sources, lambda *_: None, offline=offline) as download:
        return download.first(asked, lambda address: download.get(asked, address, kind))


def test_a_file_is_downloaded_once_and_asked_for_again_only_if_changed(
    site: Server, sources: Sources
) -> None:
    site.files[FILE] = GOOD
    first = get(sources, source(site.url(FILE)))
    assert (first.state, first.path.read_bytes(), first.date) == ("new", GOOD, "2026-10-06")
    assert get(sources, source(site.url(FILE))).state == "unchanged"
    site.files[FILE] = BETTER
    again = get(sources, source(site.url(FILE)))
    assert (again.state, again.path.read_bytes()) == ("new", BETTER)
    agent = site.asked[0][1]["user-agent"]
    assert agent.startswith("dorpshub/")
    assert "me@here.example" in agent


def test_who_does_not_answer_is_named_while_one_waits(site: Server, sources: Sources) -> None:
    # The server says nothing until somebody was told that it is waited for; it hangs up after five seconds without.
    told = Event()
    labels: list[str] = []

    def progress(label: str, _share: float) -> None:
        labels.append(label)
        if label.startswith(WAITING):
            told.set()

    def late(handler: Handler, content: bytes) -> None:
        if told.wait(5.0):
            handler.give(content)
        else:
            handler.close_connection = True

    site.files[FILE] = GOOD
    site.behaviours[FILE] = [late]
    patience = Patience(connect_s=2, read_s=10, attempts=1, pause_s=0.01)
    asked = source(site.url(FILE))
    with Downloader(replace(sources, patience=patience), progress, offline=False) as download:
        assert download.first(asked, lambda address: download.get(asked, address, "zip")).state == "new"
    assert labels[0] == "waiting for 127.0.0.1"
    # Who answers at once is not waited for, and who is not asked at all neither.
    labels.clear()
    for offline in (False, True):
        with Downloader(sources, progress, offline=offline) as download:
            download.first(asked, lambda address: download.get(asked, address, "zip"))
    assert not [label for label in labels if label.startswith(WAITING)]


@pytest.mark.parametrize(
    "behaviour",
    [
        status(404),
        status(410),
        status(403),
        status(500),
        status(503, Retry_After="3600"),
        silent,
        cut_off(0.5),
        short,
        html,
        instead(b""),
        redirect("/nowhere.zip"),
    ],
)
def test_whatever_goes_wrong_the_earlier_file_stays(
    site: Server, sources: Sources, behaviour: Behaviour
) -> None:
    site.files[FILE] = GOOD
    get(sources, source(site.url(FILE)))
    site.files[FILE] = BETTER
    site.behaviours[FILE] = [behaviour] * 9
    kept = get(sources, source(site.url(FILE)))
    assert (kept.state, kept.path.read_bytes(), kept.date) == ("kept", GOOD, "2026-10-06")
    assert site.url(FILE) in kept.trouble
    # Without an earlier file there is none afterwards either, and the message says where to change the address.
    site.behaviours["/never.zip"] = [behaviour] * 9
    site.files["/never.zip"] = BETTER
    with pytest.raises(SourceError) as caught:
        get(sources, source(site.url("/never.zip")))
    assert site.url("/never.zip") in str(caught.value)
    assert "[source.timetable] in my.toml" in str(caught.value)
    assert not [file for file in sources.folder.glob("*never.zip") if not file.name.startswith("part-")]


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (status(404), "There is nothing at"),
        (status(403), "was refused (403"),
        (status(410), "410"),
        (status(500), "failed 3 times, at last with: 500 Internal Server Error"),
        (status(503, Retry_After="3600"), "failed 1 times, at last with: 503"),
        (cut_off(0.5), "failed 3 times, at last with: no answer, or it broke off"),
        (silent, "failed 3 times, at last with: no answer, or it broke off"),
        (short, "failed 3 times, at last with: it is not a complete zip file"),
        (html, "was answered, but it is a web page, not data; the address may have moved"),
        (instead(b""), "at last with: it is empty"),
        (instead(b"PK nonsense"), "at last with: it is not a complete zip file"),
        (redirect("/nowhere.zip"), "There is nothing at"),
    ],
)
def test_the_message_says_what_went_wrong(
    site: Server, sources: Sources, behaviour: Behaviour, says: str
) -> None:
    site.files[FILE] = GOOD
    site.behaviours[FILE] = [behaviour] * 3
    with pytest.raises(SourceError) as caught:
        get(sources, source(site.url(FILE)))
    assert says in str(caught.value)


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(site: Server, sources: Sources) -> None:
    site.files[FILE] = GOOD
    site.behaviours[FILE] = [cut_off(0.5)]
    got = get(sources, source(site.url(FILE)))
    assert got.path.read_bytes() == GOOD
    # Two requests: the whole, then from the middle on, on condition that the file is the same.
    (_, first), (_, second) = site.asked
    assert "range" not in first
    assert second["range"] == f"bytes={BLOCK}-"
    assert second["if-range"]


def test_a_download_goes_on_in_the_next_run(site: Server, sources: Sources) -> None:
    site.files[FILE] = GOOD
    site.behaviours[FILE] = [cut_off(0.5), *[status(500)] * 2]
    with pytest.raises(SourceError):
        get(sources, source(site.url(FILE)))
    assert get(sources, source(site.url(FILE))).path.read_bytes() == GOOD
    assert site.asked[-1][1]["range"] == f"bytes={BLOCK}-"


def test_a_file_that_changes_while_it_is_downloaded_is_never_patched_together(
    site: Server, sources: Sources
) -> None:
    site.files[FILE] = GOOD

    def change(handler: Handler, content: bytes) -> None:
        cut_off(0.5)(handler, content)
        site.files[FILE] = BETTER

    site.behaviours[FILE] = [change]
    assert get(sources, source(site.url(FILE))).path.read_bytes() == BETTER


def test_a_part_of_another_version_is_refused(site: Server, sources: Sources) -> None:
    """A careless server continues the file although it is another one: the tag tells."""
    site.files[FILE] = GOOD

    def careless(handler: Handler, _: bytes) -> None:
        handler.send_response(206)
        start = BLOCK
        handler.send_header("Content-Range", f"bytes {start}-{len(BETTER) - 1}/{len(BETTER)}")
        handler.describe('"another"', len(BETTER) - start)
        handler.wfile.write(BETTER[start:])

    site.behaviours[FILE] = [cut_off(0.5), careless]
    assert get(sources, source(site.url(FILE))).path.read_bytes() == GOOD


def test_the_published_digest_is_compared(site: Server, sources: Sources) -> None:
    site.files[FILE], site.md5 = GOOD, True
    site.behaviours[FILE] = [instead(BETTER)]
    # The first answer is another file than the digest says, the second is right.
    assert get(sources, source(site.url(FILE), digest=".md5")).path.read_bytes() == GOOD
    assert site.count(FILE + ".md5") == 2
    site.files["/b.zip"] = GOOD
    site.behaviours["/b.zip"] = [instead(BETTER)] * 3
    with pytest.raises(SourceError, match=r"its MD5 is \w+, not \w+ as published"):
        get(sources, source(site.url("/b.zip"), digest=".md5"))


def test_a_zip_bomb_is_refused_and_the_earlier_file_stays(site: Server, sources: Sources) -> None:
    site.files[FILE] = GOOD
    get(sources, source(site.url(FILE)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stop_times.txt", b"0" * 50_000_000)
    site.files[FILE] = out.getvalue()
    kept = get(sources, source(site.url(FILE)))
    assert kept.path.read_bytes() == GOOD
    assert "it would unpack to 48 MB" in kept.trouble


def test_too_long_a_file_is_refused_before_it_is_here(site: Server, sources: Sources) -> None:
    site.files[FILE] = b"PK" + b"x" * 2_000_000
    with pytest.raises(SourceError, match="is longer than 1 MB; if that is right, raise max_mb in"):
        get(sources, source(site.url(FILE)))


def test_a_mirror_is_better_than_an_old_copy_and_an_old_copy_than_nothing(
    site: Server, sources: Sources
) -> None:
    site.files |= {FILE: GOOD, "/mirror.zip": BETTER}
    both = source(site.url(FILE), site.url("/mirror.zip"))
    assert get(sources, both).path.read_bytes() == GOOD
    site.behaviours[FILE] = [status(404)] * 9
    assert get(sources, both).path.read_bytes() == BETTER
    site.behaviours["/mirror.zip"] = [status(404)] * 9
    kept = get(sources, both)
    assert (kept.state, kept.path.read_bytes()) == ("kept", GOOD)
    # Both troubles are told.
    assert kept.trouble.count("There is nothing at") == 2


def test_a_redirect_is_followed_but_not_round_in_a_circle(site: Server, sources: Sources) -> None:
    site.files |= {FILE: GOOD, "/old.zip": b"", "/loop.zip": b""}
    site.behaviours["/old.zip"] = [redirect(FILE)]
    assert get(sources, source(site.url("/old.zip"))).path.read_bytes() == GOOD
    site.behaviours["/loop.zip"] = [redirect("/loop.zip")] * 30
    with pytest.raises(SourceError, match="cannot be asked for"):
        get(sources, source(site.url("/loop.zip")))


def test_offline_asks_nobody(site: Server, sources: Sources) -> None:
    site.files[FILE] = GOOD
    get(sources, source(site.url(FILE)))
    asked = len(site.asked)
    kept = get(sources, source(site.url(FILE)), offline=True)
    assert (kept.state, kept.trouble, kept.path.read_bytes()) == ("kept", "not asked: offline", GOOD)
    with pytest.raises(
        SourceError,
        match=r"^Test feed: Nothing of it was ever downloaded, and now it is offline\. The addresses",
    ):
        get(sources, source(site.url("/b.zip")), offline=True)
    assert len(site.asked) == asked


@pytest.mark.parametrize(
    "reason",
    [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        OSError(errno.ENETUNREACH, "Network is unreachable"),
    ],
    ids=str,
)
def test_without_a_network_one_is_told_at_once_and_an_earlier_file_stands_in(
    reason: OSError, site: Server, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.files[FILE] = GOOD
    mirrored = source(site.url(FILE), site.url("/mirror.zip"))
    get(sources, mirrored)
    asked: list[object] = []

    def connect(address: object, *_: object, **__: object) -> None:
        asked.append(address)
        raise reason

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    patience = Patience(connect_s=2, read_s=2, attempts=5, pause_s=100)  # a second attempt would take as long
    patient = replace(sources, patience=patience)
    kept = get(patient, mirrored)
    assert (kept.state, kept.path.read_bytes()) == ("kept", GOOD)
    assert len(asked) == 2  # each address once
    with pytest.raises(SourceError) as told:
        get(replace(patient, folder=sources.folder / "empty"), mirrored)
    words = f"Test feed: There is no way from here to 127.0.0.1 ({reason}): is there a network? The addresses stand in"
    assert str(told.value).startswith(words)


def test_a_file_on_disk_needs_no_server(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "own.zip").write_bytes(GOOD)
    assert get(sources, source(str(tmp_path / "own.zip"))).state == "on disk"
    (tmp_path / "own.zip").write_bytes(HTML_FILE)
    with pytest.raises(SourceError, match=r"own\.zip cannot be used: it is a web page"):
        get(sources, source(str(tmp_path / "own.zip")))


HTML_FILE = b"\n <html><body>moved</body></html>"


def test_json_that_breaks_off_starts_again(site: Server, sources: Sources) -> None:
    """Tables of JSON come packed: what has arrived is no part of the file and is not continued."""
    content = json.dumps({"value": list(range(5000))}).encode()
    site.files["/table"] = content
    site.behaviours["/table"] = [cut_off(0.5)]
    assert get(sources, source(site.url("/table")), kind="json").path.read_bytes() == content
    assert all("range" not in headers for _, headers in site.asked)


def test_the_proxy_of_the_environment_is_asked(
    site: Server, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a proxy the whole address stands in the request line, of a host that need not exist for us."""
    site.files["http://feeds.invalid/feed.zip"] = GOOD
    monkeypatch.setenv("http_proxy", site.address)
    monkeypatch.setenv("no_proxy", "")
    assert get(sources, source("http://feeds.invalid/feed.zip")).path.read_bytes() == GOOD


def test_a_folder_that_cannot_be_written_to_is_named(site: Server, sources: Sources, tmp_path: Path) -> None:
    site.files[FILE] = GOOD
    (tmp_path / "file").write_text("no folder")
    blocked = replace(sources, folder=tmp_path / "file" / "downloads")
    with pytest.raises(SourceError, match="cannot be stored in"):
        get(blocked, source(site.url(FILE)))


DOWNLOAD = """
import sys
from dataclasses import replace
from pathlib import Path
from data.download.download import Downloader
from data.download.sources import Patience, Source, load_sources
folder, address = Path(sys.argv[1]), sys.argv[2]
sources = replace(load_sources(), folder=folder, patience=Patience(5, 60.0, 1, 0.01))
source = Source("feed", "here", (address,), 1, "Test feed", "CC0", "", 0, 0, ())
with Downloader(sources, lambda step, share: print(step, flush=True), offline=False) as download:
    print(download.first(source, lambda url: download.get(source, url, "zip")).state, flush=True)
"""


def test_of_two_processes_that_want_the_same_file_one_downloads_and_the_other_waits_and_reuses(
    site: Server, tmp_path: Path
) -> None:
    half_sent, go_on = Event(), Event()
    site.files[FILE] = zipped(a="a" * 10_000)

    def halting(handler: Handler, content: bytes) -> None:
        handler.send_response(200)
        handler.describe(handler.tag(content), len(content))
        handler.wfile.write(content[:5000])
        half_sent.set()
        go_on.wait(60.0)
        handler.wfile.write(content[5000:])

    site.behaviours[FILE] = [halting]
    command = [sys.executable, "-c", DOWNLOAD, str(tmp_path / "downloads"), site.url(FILE)]
    start = partial(
        subprocess.Popen, command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    with start() as first:
        assert half_sent.wait(60.0)
        with start() as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "waiting for another download of feed\n"
            go_on.set()
            said, other = first.communicate()[0], second.communicate()[0]
    assert said.splitlines()[-1] == "new"
    # The second asks when the first has the whole file, and only whether it changed.
    assert other.splitlines()[-1] == "unchanged"
    assert ["if-none-match" in headers for _, headers in site.asked] == [False, True]
    assert not list((tmp_path / "downloads").glob(".*"))
