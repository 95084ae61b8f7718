"""Blocks on the workers of a Dask cluster: what is done is kept, and who starts again goes on from there.

Workers are given paths, never arrays: Dask sends a memory map as a copy of all that it holds. What they give back are the
bytes of a Parquet file, which whoever asked writes down; so a worker that dies costs its block and a scheduler that dies
the blocks under way.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from data.errors import InputError
from data.extras import of_extra
from data.files.parts import Columns, Part, encoded, keep_part, kept_part
from data.progress import Progress
from data.source_files import source_files

if TYPE_CHECKING:
    from distributed import Client

Block = TypeVar("Block")
PARTS = ".parts"
PATIENCE_S = 20
"""So long a scheduler may take to answer."""
ANOTHER_VERSION = (
    "The Dask scheduler, or one of its workers, runs another version of dorpshub or none: "
    "install the same version of dorpshub everywhere."
)
CODE = ("data", "network", "accessibility", "scenarios")


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work: those of a scheduler that runs already, or so many processes on this machine."""

    scheduler: str = ""
    """Address, such as tcp://10.0.0.1:8786."""
    n_processes: int = 0


@cache
def code_key() -> str:
    """SHA-256 of the program."""
    total = hashlib.sha256()
    for file in source_files(CODE, (".py", ".toml")):
        total.update(file.read_bytes())
    return total.hexdigest()


def parts_folder(out: Path, *inputs: str) -> Path:
    """Folder beside `out` for the parts of one question: another for other inputs, or another version of the program."""
    key = hashlib.sha256("\n".join([code_key(), *inputs]).encode()).hexdigest()[:16]
    return out.absolute().with_name(out.name + PARTS) / key


def forget(folder: Path) -> None:
    """Remove the parts of a question that is answered, and what others of the same table have left."""
    shutil.rmtree(folder.parent, ignore_errors=True)


def in_blocks(
    work: Callable[[Block], Columns],
    blocks: Sequence[Block],
    folder: Path,
    workers: Workers,
    progress: Progress,
) -> list[Part]:
    """Work out every block that is not in `folder` yet, and return all of them in order.

    Parameters
    ----------
    work
        A function of a module, so that workers find it by name.
    blocks
        Each to be told by little: paths and numbers.
    folder
        As `parts_folder` gives it.
    workers
        Who does it.
    progress
        Told the share of blocks that are done.

    Raises
    ------
    InputError
        When the scheduler cannot be reached, or is lost; what is done stays.

    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:05d}.parquet" for number in range(len(blocks))]
    parts = [kept_part(file) for file in files]
    left = [number for number, part in enumerate(parts) if part is None]
    progress("blocks", 1 - len(left) / max(len(blocks), 1))
    if left:
        with connected(workers) as client:
            n_done = len(blocks) - len(left)
            for number, done in _finished(client, work, {number: blocks[number] for number in left}, folder):
                keep_part(files[number], done)
                parts[number] = kept_part(files[number])
                n_done += 1
                progress("blocks", n_done / len(blocks))
    return [part for part in parts if part is not None]


def _finished(
    client: Client, work: Callable[[Block], Columns], blocks: dict[int, Block], folder: Path
) -> Iterator[tuple[int, bytes]]:
    """Number and encoded part of each block, in the order in which they are done."""
    from distributed import CancelledError, wait  # noqa: PLC0415 -- an extra
    from distributed.client import FutureCancelledError  # noqa: PLC0415

    number_of = {
        client.submit(done, work, block, code_key(), pure=False): number for number, block in blocks.items()
    }
    try:
        while number_of:
            try:
                ended = wait(list(number_of), timeout=PATIENCE_S, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                _refuse_without_workers(client, folder)
                continue
            for future in ended:
                yield number_of.pop(future), future.result()
                future.release()
    except (CancelledError, FutureCancelledError, OSError) as error:
        msg = f"The Dask scheduler is gone. What is done is kept in {folder}: run the same again to go on from there."
        raise InputError(msg) from error
    except (ImportError, RuntimeError) as error:
        # A scheduler that cannot read the work says so in a RuntimeError, a worker in the ImportError itself.
        if isinstance(error, RuntimeError) and "deserialization" not in str(error):
            raise
        raise InputError(ANOTHER_VERSION) from error


def _refuse_without_workers(client: Client, folder: Path) -> None:
    """Raise InputError where a scheduler has had no worker for a while: nothing would ever be done."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S)
    except TimeoutError as error:
        msg = (
            "The Dask scheduler has no workers; one without the same version of dorpshub gives up at once. Start some with "
            f"`dask worker` and the address of the scheduler. What is done is kept in {folder}: run the same again to go on."
        )
        raise InputError(msg) from error


def done(work: Callable[[Block], Columns], block: Block, code: str) -> bytes:
    """Encoded part of a block, on a worker.

    Raises
    ------
    InputError
        When the worker runs another version of the program than the one that asks.

    """
    if code != code_key():
        raise InputError(ANOTHER_VERSION)
    start = time.perf_counter()
    columns = work(block)
    return encoded(Part(columns, time.perf_counter() - start))


@contextmanager
def connected(workers: Workers) -> Iterator[Client]:
    """Client of the workers; processes of this machine end with it.

    Raises
    ------
    InputError
        When Dask is not installed, or the scheduler does not answer.

    """
    with of_extra("dask"):
        from distributed import Client, LocalCluster  # noqa: PLC0415 -- an extra
    if not workers.scheduler:
        with (
            LocalCluster(
                n_workers=workers.n_processes,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address="127.0.0.1:0",
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(workers.scheduler, timeout=PATIENCE_S)
    except (OSError, TimeoutError, ValueError) as error:
        msg = (
            f"No Dask scheduler answers at {workers.scheduler}. Start one with `dask scheduler`, or give --workers "
            "to work with processes of this machine."
        )
        raise InputError(msg) from error
    with client:
        yield client
