"""Tables of a feed as publishers write them: every text an id, rows that do not fit, and all mistakes at once."""

from __future__ import annotations

import io
import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.build_report import BuildReport
from data.errors import InputError
from data.gtfs import rows
from data.gtfs.rows import RaggedRows, read_blocks, read_header
from data.gtfs.timetable import read_timetable
from data.timetable import Timetable
from support.toys.gtfs import STOPS, TIMES, TRIPS, VALID, WEDNESDAY, lines, read, tally, write

SHORT = "rows with fewer values than there are columns, taken to be blank at the end"
LONG = "rows with commas too many at the end"
LOST = "rows with more values than columns: one cannot tell which comma is too many"
WORDS = "words such as NA and null instead of a number or time, taken for blank"


def clocks(timetable: Timetable) -> list[tuple[str, int]]:
    """Name of the stop and departure of each call, in order of time; the names do not change with the ids."""
    stops, trips = timetable.stops, timetable.trips
    calls = [
        (stops.name[stop], int(at)) for stop, at in zip(trips.call_stop, trips.call_departure, strict=True)
    ]
    return sorted(calls, key=lambda call: (call[1], call[0]))


PLAIN = [
    ("Aa", 28_800), ("Bee", 29_460), ("Cee", 31_200), ("Aa", 32_400), ("Bee", 33_060), ("Cee", 34_800),
]  # fmt: skip
"""T1: 8:00, 8:11, 8:40; T2: 9:00, 9:11, 9:40."""


# ------------------------------------------------------------------------------------------------------------- ids


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def renamed(names: dict[str, str], rng: random.Random) -> dict[str, str | bytes]:
    """VALID with ids as `names` has them, quoted, and the rows of each table in any order."""
    tables: dict[str, str | bytes] = {}
    for table, text in VALID.items():
        header, *body = text.splitlines()
        columns = header.split(",")
        written = [
            ",".join(
                quoted(names[value] if column.endswith("_id") and value else value)
                for column, value in zip(columns, row.split(","), strict=True)
            )
            for row in body
        ]
        rng.shuffle(written)
        tables[table] = lines(header, *written).encode()
    return tables


IDS = ("Q", "A", "B", "C", "R", "WK", "T1", "T2", "b7")
ODD = (
    "NA",
    "null",
    "NaN",
    "None",
    "nan",
    "007",
    "7",
    "1e5",
    "true",
    "-",
    "a b",
    'say "no"',
    "a,b",
    "é",
    "#N/A",
    "∅",
)
texts = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)
)  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=len(IDS), max_size=len(IDS), unique=True), st.integers(0, 99))
def test_times_are_the_same_whatever_the_ids_and_the_order_of_rows(
    tmp_path: Path, ids: list[str], seed: int
) -> None:
    order = random.Random(seed)  # noqa: S311 -- no secret
    timetable, report = read(tmp_path, renamed(dict(zip(IDS, ids, strict=True)), order))
    assert clocks(timetable) == PLAIN
    assert report == BuildReport()
    names = dict(zip(IDS, ids, strict=True))
    assert set(timetable.stops.id) == {names["A"], names["B"], names["C"]}
    assert set(timetable.trips.id) == {names["T1"], names["T2"]}
    assert set(timetable.trips.block) == {names["b7"], ""}


@pytest.mark.parametrize("word", ["NA", "null", "NaN", "None", "N/A", "-"])
def test_a_word_for_no_value_is_a_name_like_any_other(tmp_path: Path, word: str) -> None:
    # The same word names a stop, route, trip, service, agency, block and headsign, in columns of their own.
    tables: dict[str, str | bytes] = {
        "agency": VALID["agency"].replace("Q,Qbus", f"{word},Qbus"),
        "stops": VALID["stops"].replace("B,Bee", f"{word},Bee"),
        "routes": VALID["routes"].replace("R,Q,1", f"{word},{word},{word}"),
        "trips": lines("route_id,service_id,trip_id,trip_headsign,block_id", *[",".join([word] * 5)]),
        "stop_times": lines(
            TIMES, f"{word},8:00:00,8:00:00,A,1", f"{word},8:10:00,8:11:00,{word},2", f"{word},8:40:00,8:40:00,C,3",
        ),
        "calendar": VALID["calendar"].replace("WK", word),
    }  # fmt: skip
    timetable, report = read(tmp_path, tables)
    assert report == BuildReport()
    assert clocks(timetable) == PLAIN[:3]
    trips = timetable.trips
    assert (trips.id, trips.route, trips.headsign, trips.block) == ((word,),) * 4
    assert trips.agency == ("Qbus",)
    assert timetable.stops.id == ("A", word, "C")


def test_a_word_instead_of_a_number_or_time_is_a_blank_and_told(tmp_path: Path) -> None:
    # Bee lies a quarter of the way (6.0, 6.1, 6.4), so 10 of 40 minutes; NA as a platform code is just a text.
    times = lines(
        TIMES + ",pickup_type", "T1,8:00:00,8:00:00,A,1,nan", "T1,NA,NA,B,2,0", "T1,8:40:00,8:40:00,C,3,0"
    )
    trips = lines(TRIPS, "R,WK,T1,")
    timetable, report = read(tmp_path, {"stop_times": times, "trips": trips})
    assert clocks(timetable) == [("Aa", 28_800), ("Bee", 29_400), ("Cee", 31_200)]
    assert tally(report)[WORDS] == ("assumed", 3)
    # 'inf' is no number that a place can have.
    with pytest.raises(InputError, match=r"unreadable stop_lat: row 3 has 'inf'"):
        read(tmp_path, {"stops": VALID["stops"].replace("Bee,52.8", "Bee,inf")})


# ------------------------------------------------------------------------------------------------- ways of writing


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "write_value", [str, quoted, lambda text: f" {text}  ", lambda text: f" {quoted(text)} "]
)
def test_line_ends_marks_quotes_and_blanks_do_not_matter(
    tmp_path: Path, end: str, mark: str, write_value: type[str]
) -> None:
    def written(text: str) -> bytes:
        body = [",".join(map(write_value, row.split(","))) for row in text.splitlines()]
        return (mark + end.join(["", *body, "", ""])).encode()

    timetable, report = read(tmp_path, {table: written(text) for table, text in VALID.items()})
    assert clocks(timetable) == PLAIN
    assert timetable.trips.headsign == ("Cee", "Cee")
    assert report == BuildReport()


def test_commas_quotes_and_lines_within_quotes_belong_to_the_value(tmp_path: Path) -> None:
    stops = lines(
        "stop_id,stop_name,stop_desc,stop_lat,stop_lon",
        'A,"Aa, Kerk",,52.8,6.0', 'B,"""De Bus""","on two\nlines",52.8,6.1', 'C,5" pijp,,52.8,6.4',
    )  # fmt: skip
    timetable, report = read(tmp_path, {"stops": stops})
    assert timetable.stops.name == ("Aa, Kerk", '"De Bus"', '5" pijp')
    assert report == BuildReport()


def test_extra_columns_any_order_and_two_of_a_name(tmp_path: Path) -> None:
    # The first of two columns counts; the others are nobody's business.
    stops = lines("mood,stop_lon,stop_lat,stop_name,stop_id,stop_name", *(
        f"happy,{lon},52.8,{name},{stop},wrong" for lon, name, stop in ((6.0, "Aa", "A"), (6.1, "Bee", "B"), (6.4, "Cee", "C"))
    ))  # fmt: skip
    timetable, report = read(tmp_path, {"stops": stops})
    assert clocks(timetable) == PLAIN
    assert [(finding.what, finding.examples) for finding in report.findings] == [
        ("columns with the name of one before", ("stop_name of stops.txt",))
    ]


# ------------------------------------------------------------------------------------------------------ ragged rows


def test_rows_that_end_early_are_blank_there(tmp_path: Path) -> None:
    # T2 has no block and no comma for it, and its last call no pickup_type.
    trips = lines("route_id,service_id,trip_id,trip_headsign,block_id", "R,WK,T1,Cee,b7", "R,WK,T2,Cee")
    times = VALID["stop_times"].splitlines()
    times = [times[0] + ",pickup_type", *(f"{row},0" for row in times[1:-1]), times[-1]]
    timetable, report = read(tmp_path, {"trips": trips, "stop_times": lines(*times)})
    assert clocks(timetable) == PLAIN
    assert timetable.trips.block == ("b7", "")
    (finding,) = report.findings
    assert (finding.action, finding.what, finding.examples) == (
        "repaired", SHORT, ("trips.txt row 3", "stop_times.txt row 7"),
    )  # fmt: skip


def test_commas_too_many_at_the_end_are_nothing(tmp_path: Path) -> None:
    timetable, report = read(tmp_path, {"stop_times": VALID["stop_times"].replace("B,2", "B,2,,,", 1)})
    assert clocks(timetable) == PLAIN
    assert tally(report) == {LONG: ("repaired", 1)}


def test_a_row_with_a_comma_in_its_midst_is_left_out(tmp_path: Path) -> None:
    # "Aa, Kerk" without quotes: 52.8 would be the longitude. Both trips start at Bee then.
    timetable, report = read(tmp_path, {"stops": VALID["stops"].replace("A,Aa", "A,Aa, Kerk")})
    assert clocks(timetable) == [call for call in PLAIN if call[0] != "Aa"]
    assert tally(report) == {LOST: ("dropped", 1), "calls at a stop that stops.txt lacks": ("dropped", 2)}
    assert report.findings[0].examples == ("stops.txt row 2",)


def test_a_table_of_which_no_row_fits_has_none(tmp_path: Path) -> None:
    # Every name has a comma too many: the feed goes on without its transfers, but not without its stops.
    transfers = lines("from_stop_id,to_stop_id,transfer_type", "A,B,2,60", "B,A,2,60")
    timetable, report = read(tmp_path, {"transfers": transfers})
    assert clocks(timetable) == PLAIN
    assert tally(report) == {LOST: ("dropped", 2)}
    with pytest.raises(InputError, match=r"stops.txt hold no rows that can be read"):
        read(tmp_path, {"stops": lines("stop_id,stop_lat,stop_lon", "A,Kerk,52.8,6.0", "B,Plein,52.8,6.1")})
    # Rows that all end early are mended, all of them.
    stops = VALID["stops"].replace("stop_lon", "stop_lon,zone_id")
    assert clocks(read(tmp_path, {"stops": stops})[0]) == PLAIN


def test_mended_rows_keep_their_place(tmp_path: Path) -> None:
    # Of two stops with one id the first counts, also where it is the shorter row.
    stops = lines(STOPS, "A,Aa,52.8,6.0", "A,Again,52.8,6.2,0,", "B,Bee,52.8,6.1,0,", "C,Cee,52.8,6.4,0,")
    timetable, report = read(tmp_path, {"stops": stops})
    assert timetable.stops.name == ("Aa", "Bee", "Cee")
    assert tally(report) == {SHORT: ("repaired", 1), "second stops with the same id": ("dropped", 1)}


@settings(deadline=None)
@given(st.data())
def test_blocks_hold_all_rows_whatever_their_length(data: st.DataObject) -> None:
    n_rows = data.draw(st.integers(1, 30))
    lengths = data.draw(st.lists(st.integers(1, 5), min_size=n_rows, max_size=n_rows))
    body = [[f"{row}.{value}" for value in range(length)] for row, length in enumerate(lengths)]
    text = lines("a,b,c", *(",".join(row) for row in body)).encode()
    ragged = RaggedRows()
    header = read_header(lambda: io.BytesIO(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "BLOCK_BYTES", 24)
        blocks = list(read_blocks(lambda: io.BytesIO(text), header.names, [0, 2], ragged))
    got = list(itertools.chain(*(block.to_pylist() for block in blocks)))
    got = [got[row] for row in ragged.order(len(got))]
    expected = [row for row in body if len(row) <= 3]
    assert [(row["0"], row["2"]) for row in got] == [
        (row[0], row[2] if len(row) > 2 else "") for row in expected
    ]
    assert ragged.lost == [row for row, length in enumerate(lengths) if length > 3]
    assert ragged.short == [row for row, length in enumerate(lengths) if length < 3]


def test_a_quote_that_is_not_closed_is_named_with_its_line(tmp_path: Path) -> None:
    # Everything after it would be one value: all stops from Bee on were lost in silence.
    for bad in (
        VALID["stops"].replace("B,Bee", 'B,"Bee'),
        lines("stop_id,stop_lat,stop_lon,stop_name", "A,52.8,6.0,Aa", 'B,52.8,6.1,"Bee', "C,52.8,6.4,Cee"),
    ):
        with pytest.raises(InputError, match=r"stops.txt opens a quote in line 3 that is not closed"):
            read(tmp_path, {"stops": bad})
    # In a large table the value grows past all that is read at a time.
    times = [
        VALID["stop_times"].replace("T1,08:10:00", '"T1,08:10:00').rstrip(),
        *["T2,9:00:00,9:00:00,A,1"] * 500_000,
    ]
    with pytest.raises(InputError, match=r"stop_times.txt opens a quote in line 3 that is not closed"):
        read(tmp_path, {"stop_times": lines(*times)})


def test_old_line_ends_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"stops.txt ends its lines with carriage returns alone"):
        read(tmp_path, {"stops": VALID["stops"].replace("\n", "\r")})


# --------------------------------------------------------------------------------------------- all mistakes at once


def test_all_mistakes_of_a_feed_are_named_together(tmp_path: Path) -> None:
    tables: dict[str, str | bytes] = {
        "stops": VALID["stops"].replace("Bee,52.8", "Bee,52o8"),
        "routes": VALID["routes"].replace(",3\n", ",bus\n"),
        "calendar": VALID["calendar"].replace("20250106", "6 jan"),
        "trips": VALID["trips"].replace("trip_id", "trip"),
        "frequencies": lines("trip_id,start_time,end_time,headway_secs", "T1,7 uur,08:00:00,ten"),
        "transfers": "from_stop_id,to_stop_id,transfer_type\nA,\xe9,2\n".encode("latin-1"),
    }
    whole = {table: text for table, text in {**VALID, **tables}.items() if table != "stop_times"}
    with pytest.raises(InputError) as caught:
        read_timetable([write(tmp_path / "feed.zip", whole)], WEDNESDAY)
    for mistake in (
        "feed.zip: this is not a complete GTFS feed: stop_times.txt is missing",
        "stops.txt has 1 unreadable stop_lat: row 3 has '52o8'",
        "routes.txt has 1 unreadable route_type: row 2 has 'bus'",
        "trips.txt lacks the column trip_id; it has route_id, service_id, trip,",
        "calendar.txt has 1 unreadable start_date: row 2 has '6 jan'",
        "frequencies.txt has 1 unreadable start_time: row 2 has '7 uur'",
        "frequencies.txt has 1 unreadable headway_secs: row 2 has 'ten'",
        "transfers.txt is not text in UTF-8",
    ):
        assert mistake in str(caught.value)


def test_a_row_that_neither_fits_nor_is_utf_8_is_one_sentence_and_nothing_beside_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stops = b"stop_id,stop_name,stop_lat,stop_lon\nB,Bee,52.8,6.1\nA,Caf\xe9,52.8,6.0,x,y\n"
    with pytest.raises(InputError, match=r"stops\.txt is not text in UTF-8"):
        read(tmp_path, {"stops": stops})
    assert capfd.readouterr().err == ""


def test_arrivals_and_departures_are_checked_together(tmp_path: Path) -> None:
    times = VALID["stop_times"].replace("08:10:00,08:11:00", "8.10,8:61:00")
    with pytest.raises(
        InputError, match=r"arrival_time: row 3 has '8.10'.* departure_time: row 3 has '8:61:00'"
    ):
        read(tmp_path, {"stop_times": times})


def test_mistakes_of_all_feeds_are_named_together(tmp_path: Path) -> None:
    one = write(tmp_path / "one.zip", {**VALID, "stops": VALID["stops"].replace("52.8,6.1", "x,6.1")})
    other = write(tmp_path / "other.zip", {**VALID, "calendar": VALID["calendar"].replace("2025", "2024")})
    with pytest.raises(InputError, match=r"(?s)one.zip: stops.txt has 1.*other.zip is valid from 2024-01-08"):
        read_timetable([one, other], WEDNESDAY)


def test_numbers_may_be_written_in_any_of_the_usual_ways(tmp_path: Path) -> None:
    stops = lines(
        "stop_id,stop_name,stop_lat,stop_lon", "A,Aa,+52.8,6.", "B,Bee,5.28e1,6.1", "C,Cee, 52.80 ,06.4"
    )
    timetable, _ = read(tmp_path, {"stops": stops})
    assert timetable.stops.lat_deg.tolist() == [52.8, 52.8, 52.8]
    assert np.array_equal(timetable.stops.lon_deg, [6.0, 6.1, 6.4])
