"""Who may use a way, in which direction and how fast: each rule on the few lines of OSM that show it.

Passage is written as one mark each for walk, bike and car:

    =  both directions     >  forward only     <  backward only     -  closed     e  both, at the ends of a trip only

A bike that is pushed goes where the walker goes; that is no matter of tags, see `network.streets`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.streets import TagSet
from network.modes.access import Passage
from network.modes.modes import (
    BIKE,
    CAR,
    EBIKE,
    PROFILES,
    WALK,
    Profile,
    barrier_table,
    tag_report,
    way_passage,
    way_speeds,
    way_tables,
    with_speed,
)
from network.modes.speeds import ferry_seconds
from support.snippets import tags

STREET = '<tag k="highway" v="residential"/>'
FOOTWAY = '<tag k="highway" v="footway"/>'
CYCLEWAY = '<tag k="highway" v="cycleway"/>'
ONEWAY = '<tag k="oneway" v="yes"/>'
FERRY = '<tag k="route" v="ferry"/>'
BICYCLE_MPS, EBIKE_MPS, KMH = 15.8 / 3.6, 18.7 / 3.6, 1 / 3.6


def marks(way: TagSet) -> str:
    """Passage of walk, bike and car in the notation above; the e-bike goes where the bike goes."""
    assert [speed > 0 for speed in way_speeds(way, EBIKE)] == [speed > 0 for speed in way_speeds(way, BIKE)]
    for profile in (WALK, BIKE, CAR):
        # What is open has a speed, what is closed has none.
        assert [speed > 0 for speed in way_speeds(way, profile)] == [
            bool(one) for one in way_passage(way, profile)
        ]
    return "".join(_mark(*way_passage(way, profile)) for profile in (WALK, BIKE, CAR))


def _mark(forward: Passage, backward: Passage) -> str:
    if forward == backward == Passage.ENDS:
        return "e"
    return "=" if forward and backward else ">" if forward else "<" if backward else "-"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("motorway", "-->"),
        ("motorway_link", "--="),
        # Where a country closes it, its ways carry that as a tag.
        ("trunk", "==="),
        ("primary", "==="),
        ("tertiary_link", "==="),
        ("residential", "==="),
        ("living_street", "==="),
        ("service", "==="),
        ("track", "==="),
        ("cycleway", "==-"),
        ("path", "==-"),
        ("footway", "=--"),
        ("pedestrian", "=--"),
        ("platform", "=--"),
        ("bridleway", "---"),
        ("busway", "---"),
        ("bus_guideway", "---"),
        ("raceway", "---"),
        ("construction", "---"),
        ("proposed", "---"),
        ("razed", "---"),
        ("made_up", "---"),
    ],
)
def test_the_kind_of_street_decides_where_nothing_else_is_tagged(kind: str, expected: str) -> None:
    assert marks(tags(f'<tag k="highway" v="{kind}"/>')) == expected


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ('<tag k="access" v="no"/>', "---"),
        ('<tag k="access" v="private"/>', "eee"),
        ('<tag k="access" v="destination"/>', "==e"),
        ('<tag k="access" v="customers"/>', "eee"),
        ('<tag k="access" v="permissive"/>', "==="),
        ('<tag k="access" v="agricultural"/>', "eee"),
        ('<tag k="access" v="permit"/>', "eee"),
        # Whoever is named in a list may go; a word that says nothing takes nothing away.
        ('<tag k="motor_vehicle" v="agricultural; forestry"/>', "==e"),
        ('<tag k="motor_vehicle" v="agricultural;destination"/>', "==e"),
        ('<tag k="motor_vehicle" v="no;perhaps"/>', "==-"),
        # A value that says nothing leaves the kind to decide.
        ('<tag k="access" v="unknown"/>', "==="),
        ('<tag k="access" v="no"/><tag k="foot" v="yes"/>', "=--"),
        ('<tag k="access" v="no"/><tag k="bus" v="yes"/>', "---"),
        ('<tag k="access" v="no"/><tag k="psv" v="yes"/><tag k="bicycle" v="yes"/>', "-=-"),
        ('<tag k="vehicle" v="no"/>', "=--"),
        ('<tag k="vehicle" v="no"/><tag k="bicycle" v="yes"/>', "==-"),
        ('<tag k="vehicle" v="destination"/>', "==e"),
        ('<tag k="motor_vehicle" v="no"/>', "==-"),
        ('<tag k="motor_vehicle" v="no"/><tag k="motorcar" v="yes"/>', "==="),
        ('<tag k="motor_vehicle" v="agricultural"/>', "==e"),
        ('<tag k="motor_vehicle" v="delivery"/>', "==e"),
        ('<tag k="motor_vehicle" v="official"/>', "==-"),
        # Not understood at the specific key: the general one decides.
        ('<tag k="motor_vehicle" v="no"/><tag k="motorcar" v="unknown"/>', "==-"),
        ('<tag k="bicycle" v="use_sidepath"/>', "=-="),
        ('<tag k="foot" v="use_sidepath"/>', "-=="),
        ('<tag k="bicycle" v="dismount"/>', "=-="),
        ('<tag k="bicycle" v="official"/><tag k="vehicle" v="no"/>', "==-"),
        ('<tag k="foot" v="no"/>', "-=="),
        ('<tag k="sidewalk" v="no"/>', "==="),
        ('<tag k="motorroad" v="yes"/>', "--="),
        ('<tag k="motorroad" v="yes"/><tag k="bicycle" v="yes"/>', "-=="),
        ('<tag k="motor_vehicle:backward" v="no"/>', "==>"),
        ('<tag k="bicycle:forward" v="no"/>', "=<="),
        ('<tag k="vehicle:backward" v="no"/><tag k="bicycle" v="yes"/>', "==>"),
    ],
)
def test_access_keys_on_a_street(snippet: str, expected: str) -> None:
    assert marks(tags(STREET, snippet)) == expected


@pytest.mark.parametrize(
    ("snippets", "expected"),
    [
        # Permission for all opens no kind of street to those for whom it is not meant; a key of one's own does.
        ((CYCLEWAY, '<tag k="access" v="yes"/>'), "==-"),
        ((CYCLEWAY, '<tag k="motor_vehicle" v="yes"/>'), "==="),
        ((CYCLEWAY, '<tag k="foot" v="no"/>'), "-=-"),
        ((CYCLEWAY, '<tag k="cyclestreet" v="yes"/>'), "==="),
        ((CYCLEWAY, '<tag k="bicycle_road" v="yes"/>'), "==-"),
        ((CYCLEWAY, '<tag k="bicycle" v="dismount"/>'), "=--"),
        ((FOOTWAY, '<tag k="bicycle" v="yes"/>'), "==-"),
        ((FOOTWAY, '<tag k="bicycle" v="no"/>'), "=--"),
        # Who pushes is a walker: rules for vehicles do not concern them, rules for walkers do.
        ((FOOTWAY, '<tag k="vehicle" v="no"/>'), "=--"),
        ((FOOTWAY, '<tag k="access" v="no"/><tag k="foot" v="yes"/>'), "=--"),
        ((FOOTWAY, '<tag k="access" v="private"/>'), "e--"),
        ((FOOTWAY, '<tag k="foot" v="no"/>'), "---"),
        ((FOOTWAY, ONEWAY), "=--"),
        ((FOOTWAY, '<tag k="bicycle" v="yes"/>', ONEWAY), "=>-"),
        (('<tag k="highway" v="trunk"/>', '<tag k="motorroad" v="yes"/>'), "--="),
        (('<tag k="highway" v="trunk"/>', '<tag k="bicycle" v="yes"/>', '<tag k="foot" v="yes"/>'), "==="),
        (('<tag k="highway" v="bridleway"/>', '<tag k="foot" v="designated"/>'), "=--"),
        (('<tag k="highway" v="busway"/>', '<tag k="bicycle" v="yes"/>'), "-=-"),
        (('<tag k="highway" v="construction"/>', '<tag k="motor_vehicle" v="yes"/>'), "---"),
        (('<tag k="highway" v="service"/>', '<tag k="service" v="emergency_access"/>'), "==-"),
        (('<tag k="railway" v="platform"/>',), "=--"),
        (('<tag k="public_transport" v="platform"/>',), "=--"),
        ((FERRY,), "==-"),
        ((FERRY, '<tag k="bicycle" v="no"/>'), "=--"),
        ((FERRY, '<tag k="motor_vehicle" v="yes"/>'), "==="),
        ((FERRY, '<tag k="motorcar" v="yes"/>', '<tag k="foot" v="no"/>'), "-=="),
        (('<tag k="railway" v="rail"/>',), "---"),
        ((), "---"),
    ],
)
def test_access_keys_on_other_ways(snippets: tuple[str, ...], expected: str) -> None:
    assert marks(tags(*snippets)) == expected


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ('<tag k="oneway" v="yes"/>', "=>>"),
        ('<tag k="oneway" v="1"/>', "=>>"),
        ('<tag k="oneway" v="true"/>', "=>>"),
        ('<tag k="oneway" v="-1"/>', "=<<"),
        ('<tag k="oneway" v="reverse"/>', "=<<"),
        ('<tag k="oneway" v="no"/>', "==="),
        ('<tag k="oneway" v="alternating"/>', "==="),
        ('<tag k="oneway" v="reversible"/>', "=--"),
        ('<tag k="oneway" v="perhaps"/>', "==="),
        ('<tag k="oneway:foot" v="yes"/>', ">=="),
        ('<tag k="oneway:bicycle" v="yes"/>', "=>="),
        (ONEWAY + '<tag k="oneway:bicycle" v="no"/>', "==>"),
        (ONEWAY + '<tag k="oneway:bicycle" v="-1"/>', "=<>"),
        (ONEWAY + '<tag k="oneway:motor_vehicle" v="no"/>', "=>="),
        (ONEWAY + '<tag k="bicycle:oneway" v="no"/>', "==>"),
        (ONEWAY + '<tag k="bicycle:oneway" v="no"/><tag k="oneway:bicycle" v="yes"/>', "=>>"),
        # What an access key allows against the street opens it; what it forbids closes even a contraflow lane.
        (ONEWAY + '<tag k="bicycle:backward" v="yes"/>', "==>"),
        (ONEWAY + '<tag k="bicycle:backward" v="designated"/>', "==>"),
        (ONEWAY + '<tag k="bicycle:backward" v="permissive"/>', "==>"),
        (ONEWAY + '<tag k="bicycle:backward" v="no"/>', "=>>"),
        (ONEWAY + '<tag k="bicycle:backward" v="no"/><tag k="cycleway" v="opposite_lane"/>', "=>>"),
        (ONEWAY + '<tag k="bicycle:forward" v="yes"/>', "=>>"),
        (ONEWAY + '<tag k="bicycle:forward" v="no"/><tag k="bicycle:backward" v="yes"/>', "=<>"),
        (ONEWAY + '<tag k="oneway:bicycle" v="yes"/><tag k="bicycle:backward" v="yes"/>', "=>>"),
        ('<tag k="oneway" v="-1"/><tag k="bicycle:forward" v="yes"/>', "==<"),
        ('<tag k="oneway" v="-1"/><tag k="bicycle:backward" v="yes"/>', "=<<"),
        ('<tag k="vehicle:backward" v="no"/><tag k="bicycle:backward" v="yes"/>', "==>"),
        ('<tag k="vehicle:backward" v="no"/>', "=>>"),
        # Sides are those of the way as drawn, and so is the direction of a lane: 1 goes along with it.
        (ONEWAY + '<tag k="cycleway:left" v="opposite_lane"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:right" v="opposite_track"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:both" v="opposite"/>', "==>"),
        (ONEWAY + '<tag k="cycleway" v="opposite_share_busway"/>', "==>"),
        (ONEWAY + '<tag k="cycleway" v="track"/><tag k="cycleway:oneway" v="no"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:both" v="lane"/><tag k="cycleway:both:oneway" v="-1"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:left" v="lane"/><tag k="cycleway:right" v="lane"/>', "=>>"),
        (
            '<tag k="oneway" v="-1"/><tag k="cycleway:left" v="lane"/><tag k="cycleway:left:oneway" v="yes"/>',
            "==<",
        ),
        (
            '<tag k="oneway" v="-1"/><tag k="cycleway:left" v="lane"/><tag k="cycleway:left:oneway" v="-1"/>',
            "=<<",
        ),
        # A path beside the street is a way of its own.
        (ONEWAY + '<tag k="cycleway:left" v="separate"/><tag k="cycleway:left:oneway" v="-1"/>', "=>>"),
        (ONEWAY + '<tag k="cycleway:left" v="no"/><tag k="cycleway:left:oneway" v="no"/>', "=>>"),
        ('<tag k="junction" v="roundabout"/><tag k="oneway:bicycle" v="no"/>', "==>"),
        ('<tag k="junction" v="roundabout"/><tag k="bicycle:backward" v="yes"/>', "==>"),
        (ONEWAY + '<tag k="cycleway" v="opposite"/>', "==>"),
        (ONEWAY + '<tag k="cycleway" v="opposite_lane"/>', "==>"),
        (ONEWAY + '<tag k="cycleway" v="lane"/>', "=>>"),
        (ONEWAY + '<tag k="cycleway:left" v="opposite_track"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:right" v="opposite_lane"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:left" v="lane"/><tag k="cycleway:left:oneway" v="-1"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:right" v="track"/><tag k="cycleway:right:oneway" v="no"/>', "==>"),
        (ONEWAY + '<tag k="cycleway:right" v="track"/><tag k="cycleway:right:oneway" v="yes"/>', "=>>"),
        # What is said of bicycles goes before what a lane suggests.
        (ONEWAY + '<tag k="oneway:bicycle" v="yes"/><tag k="cycleway" v="opposite"/>', "=>>"),
        ('<tag k="junction" v="roundabout"/>', "=>>"),
        ('<tag k="junction" v="circular"/>', "=>>"),
        ('<tag k="junction" v="roundabout"/><tag k="oneway" v="no"/>', "==="),
        ('<tag k="junction" v="yes"/>', "==="),
    ],
)
def test_direction(snippet: str, expected: str) -> None:
    assert marks(tags(STREET, snippet)) == expected


def test_a_motorway_is_one_way_unless_tagged_otherwise() -> None:
    assert marks(tags('<tag k="highway" v="motorway"/>', '<tag k="oneway" v="no"/>')) == "--="


@pytest.mark.parametrize(
    ("profile", "snippets", "expected_mps"),
    [
        (WALK, (STREET,), 1.33),
        (WALK, ('<tag k="highway" v="path"/>',), 1.33),
        # Half the speed on stairs, three quarters on sand.
        (WALK, ('<tag k="highway" v="steps"/>',), 0.665),
        (WALK, ('<tag k="highway" v="path"/>', '<tag k="surface" v="sand"/>'), 0.9975),
        (BIKE, (STREET,), BICYCLE_MPS),
        (EBIKE, (STREET,), EBIKE_MPS),
        # 30 % of the walking speed with a bike on stairs.
        (BIKE, (CYCLEWAY, '<tag k="surface" v="cobblestone"/>'), 0.65 * BICYCLE_MPS),
        (EBIKE, (CYCLEWAY, '<tag k="surface" v="cobblestone"/>'), 0.65 * EBIKE_MPS),
        # A variant that is not listed counts as its main kind, the worst of two surfaces holds.
        (BIKE, (CYCLEWAY, '<tag k="surface" v="paving_stones:30"/>'), 0.95 * BICYCLE_MPS),
        (BIKE, (CYCLEWAY, '<tag k="surface" v="asphalt;sand"/>'), 0.3 * BICYCLE_MPS),
        (BIKE, (CYCLEWAY, '<tag k="surface" v="moon_dust"/>'), BICYCLE_MPS),
        # A path or track is taken to be unpaved until something else is tagged.
        (BIKE, ('<tag k="highway" v="path"/>',), 0.7 * BICYCLE_MPS),
        (BIKE, ('<tag k="highway" v="path"/>', '<tag k="surface" v="asphalt"/>'), BICYCLE_MPS),
        (BIKE, ('<tag k="highway" v="track"/>', '<tag k="tracktype" v="grade4"/>'), 0.55 * BICYCLE_MPS),
        (BIKE, ('<tag k="highway" v="track"/>', '<tag k="tracktype" v="grade3;grade2"/>'), 0.7 * BICYCLE_MPS),
        # Good asphalt with holes is as bad as its holes.
        (
            BIKE,
            (STREET, '<tag k="surface" v="asphalt"/>', '<tag k="smoothness" v="bad"/>'),
            0.75 * BICYCLE_MPS,
        ),
        (BIKE, (STREET, '<tag k="bicycle_road" v="yes"/>'), BICYCLE_MPS),
        (BIKE, (STREET, '<tag k="smoothness" v="impassable"/>'), 0.0),
        (WALK, (STREET, '<tag k="smoothness" v="impassable"/>'), 0.6 * 1.33),
        # Carried at 10 km/h, whoever it is.
        (WALK, (FERRY,), 10 * KMH),
        (BIKE, (FERRY,), 10 * KMH),
        (CAR, (FERRY, '<tag k="motor_vehicle" v="yes"/>'), 10 * KMH),
    ],
)
def test_speed(profile: Profile, snippets: tuple[str, ...], expected_mps: float) -> None:
    assert way_speeds(tags(*snippets), profile) == pytest.approx((expected_mps, expected_mps))


@pytest.mark.parametrize(
    ("snippets", "expected_kmh"),
    [
        # Built-up: 80 % of the limit; elsewhere 90 %; never above the cap of the class.
        ((STREET, '<tag k="maxspeed" v="30"/>'), 24),
        ((STREET,), 24),
        ((STREET, '<tag k="maxspeed" v="50"/>'), 40),
        (('<tag k="highway" v="secondary"/>', '<tag k="maxspeed" v="50"/>'), 40),
        (('<tag k="highway" v="secondary"/>', '<tag k="maxspeed" v="80"/>'), 72),
        (('<tag k="highway" v="tertiary"/>', '<tag k="maxspeed" v="80"/>'), 70),
        (('<tag k="highway" v="tertiary"/>', '<tag k="maxspeed" v="60"/>'), 54),
        # A zone says better than the number on which side of the sign one is.
        (
            (
                '<tag k="highway" v="secondary"/>',
                '<tag k="maxspeed" v="70"/>',
                '<tag k="source:maxspeed" v="NL:urban"/>',
            ),
            56,
        ),
        (
            (
                '<tag k="highway" v="secondary"/>',
                '<tag k="maxspeed" v="50"/>',
                '<tag k="zone:traffic" v="NL:rural"/>',
            ),
            45,
        ),
        (('<tag k="highway" v="motorway"/>', '<tag k="maxspeed" v="100"/>', '<tag k="oneway" v="no"/>'), 90),
        (
            ('<tag k="highway" v="motorway"/>', '<tag k="maxspeed" v="none"/>', '<tag k="oneway" v="no"/>'),
            110,
        ),
        (('<tag k="highway" v="trunk"/>',), 90),
        ((STREET, '<tag k="cyclestreet" v="yes"/>'), 24),
        (('<tag k="highway" v="living_street"/>',), 12),
        (('<tag k="highway" v="service"/>',), 20),
        (('<tag k="highway" v="service"/>', '<tag k="service" v="alley"/>'), 12),
        (('<tag k="highway" v="service"/>', '<tag k="service" v="parking_aisle"/>'), 10),
        # 30 km/h on a track, 60 % of it where nothing says it is paved.
        (('<tag k="highway" v="track"/>',), 18),
        (('<tag k="highway" v="track"/>', '<tag k="tracktype" v="grade1"/>'), 30),
    ],
)
def test_cars_drive_less_than_the_limit(snippets: tuple[str, ...], expected_kmh: float) -> None:
    expected_mps = expected_kmh * KMH
    assert way_speeds(tags(*snippets), CAR) == pytest.approx((expected_mps, expected_mps))


def test_a_limit_may_differ_by_direction() -> None:
    way = tags(
        '<tag k="highway" v="secondary"/>',
        '<tag k="maxspeed:forward" v="50"/>',
        '<tag k="maxspeed:backward" v="80"/>',
    )
    # Leaving a village: 80 % of 50 on the way in, 90 % of 80 on the way out.
    assert way_speeds(way, CAR) == pytest.approx((40 * KMH, 72 * KMH))


@pytest.mark.parametrize(
    ("snippet", "walk", "bike", "car"),
    [
        ('<tag k="barrier" v="gate"/>', True, True, True),
        ('<tag k="barrier" v="gate"/><tag k="access" v="private"/>', False, False, False),
        ('<tag k="barrier" v="gate"/><tag k="locked" v="yes"/>', False, False, False),
        ('<tag k="barrier" v="gate"/><tag k="locked" v="yes"/><tag k="foot" v="yes"/>', True, True, False),
        ('<tag k="barrier" v="lift_gate"/>', True, True, False),
        ('<tag k="barrier" v="lift_gate"/><tag k="motor_vehicle" v="yes"/>', True, True, True),
        ('<tag k="barrier" v="swing_gate"/><tag k="motor_vehicle" v="private"/>', True, True, False),
        ('<tag k="barrier" v="bollard"/>', True, True, False),
        ('<tag k="barrier" v="bollard"/><tag k="locked" v="yes"/>', True, True, False),
        # Who may not cycle past it pushes the bike past it, where walkers pass.
        ('<tag k="barrier" v="bollard"/><tag k="bicycle" v="no"/>', True, True, False),
        ('<tag k="barrier" v="bollard"/><tag k="access" v="yes"/>', True, True, True),
        ('<tag k="barrier" v="bollard"/><tag k="bus" v="yes"/>', True, True, False),
        (
            # At the ends of a trip only, for cars.
            '<tag k="barrier" v="bollard"/><tag k="motor_vehicle" v="agricultural;destination"/>',
            True,
            True,
            False,
        ),
        ('<tag k="barrier" v="cycle_barrier"/>', True, True, False),
        ('<tag k="barrier" v="cycle_barrier"/><tag k="bicycle" v="dismount"/>', True, True, False),
        ('<tag k="barrier" v="block"/>', True, True, False),
        ('<tag k="barrier" v="jersey_barrier"/>', True, True, False),
        ('<tag k="barrier" v="chain"/>', True, True, False),
        ('<tag k="barrier" v="sump_buster"/>', True, True, False),
        ('<tag k="barrier" v="bus_trap"/>', True, True, False),
        ('<tag k="barrier" v="debris"/>', True, True, False),
        ('<tag k="barrier" v="kissing_gate"/>', True, False, False),
        ('<tag k="barrier" v="stile"/>', True, False, False),
        ('<tag k="barrier" v="stile"/><tag k="bicycle" v="yes"/>', True, True, False),
        ('<tag k="barrier" v="turnstile"/>', True, False, False),
        ('<tag k="barrier" v="log"/>', True, False, False),
        ('<tag k="barrier" v="wall"/>', False, False, False),
        ('<tag k="barrier" v="fence"/><tag k="foot" v="yes"/>', True, False, False),
        ('<tag k="barrier" v="cattle_grid"/>', True, True, True),
        ('<tag k="barrier" v="toll_booth"/>', True, True, True),
        ('<tag k="barrier" v="height_restrictor"/>', True, True, True),
        ('<tag k="barrier" v="kerb"/>', True, True, True),
        ('<tag k="barrier" v="entrance"/>', True, True, True),
        ('<tag k="barrier" v="made_up"/>', True, True, False),
        # These speak of who crosses the street, not of who follows it.
        ('<tag k="highway" v="crossing"/><tag k="bicycle" v="no"/>', True, True, True),
        ("", True, True, True),
    ],
)
def test_barriers(snippet: str, walk: bool, bike: bool, car: bool) -> None:  # noqa: FBT001 - one per column
    node = tags(snippet)
    passed = barrier_table([node], PROFILES)[:, 0] == Passage.OPEN
    assert passed.tolist() == [walk, bike, bike, car]


@pytest.mark.parametrize(
    ("duration", "expected_s"),
    [
        ("00:10", 600),
        ("PT3M", 180),
        ("PT1H5M", 3900),
        ("PT90S", 90),
        ("1:05", 3900),
        ("00:02:30", 150),
        ("20", 1200),
        ("2.5", 150),
    ],
)
def test_the_duration_of_a_ferry(duration: str, expected_s: float) -> None:
    assert ferry_seconds(tags(FERRY, f'<tag k="duration" v="{duration}"/>')) == expected_s


@pytest.mark.parametrize("duration", ["0", "00:00", "soon", "10 min", "1:5", "PT", ""])
def test_a_duration_that_cannot_be_read_is_no_duration(duration: str) -> None:
    assert ferry_seconds(tags(FERRY, f'<tag k="duration" v="{duration}"/>')) is None


def test_only_ferries_have_a_duration() -> None:
    assert ferry_seconds(tags(STREET, '<tag k="duration" v="00:10"/>')) is None
    assert ferry_seconds(tags(FERRY)) is None


def test_a_slower_walker_is_slower_everywhere() -> None:
    # 0.94 m/s on the level: half on stairs, and off the street as well.
    slow = with_speed(WALK, 0.94)
    assert way_speeds(tags('<tag k="highway" v="steps"/>'), slow) == pytest.approx((0.47, 0.47))
    assert slow.off_street_mps == 0.94
    assert way_speeds(tags(STREET), WALK) == (1.33, 1.33)


def test_a_faster_cyclist_is_faster_on_cobbles_and_not_off_the_street() -> None:
    fast = with_speed(BIKE, 6.0)
    assert way_speeds(tags(STREET, '<tag k="surface" v="sett"/>'), fast) == pytest.approx((4.8, 4.8))
    assert fast.off_street_mps == 1.33


def test_a_careful_driver_keeps_below_the_own_top_speed() -> None:
    careful = with_speed(CAR, 60 * KMH)
    road = '<tag k="highway" v="primary"/>'
    assert way_speeds(tags(road, '<tag k="maxspeed" v="80"/>'), careful)[0] == pytest.approx(60 * KMH)
    assert way_speeds(tags(road, '<tag k="maxspeed" v="50"/>'), careful)[0] == pytest.approx(40 * KMH)


@pytest.mark.parametrize("speed_mps", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_goes_nowhere_is_refused(speed_mps: float) -> None:
    with pytest.raises(InputError, match="mode walk takes nobody anywhere"):
        with_speed(WALK, speed_mps)


def test_tables_have_a_row_per_mode_and_a_column_per_combination() -> None:
    sets = [(), tags(STREET, ONEWAY), tags('<tag k="barrier" v="bollard"/>')]
    speeds, passable = way_tables(sets, PROFILES)[0], barrier_table(sets, PROFILES)
    assert speeds.shape == (4, 3, 2)
    assert speeds.dtype == np.float64
    assert (speeds[:, [0, 2]] == 0).all()
    assert speeds[0, 1].tolist() == [1.33, 1.33]
    assert speeds[3, 1] == pytest.approx([24 * KMH, 0])
    assert (passable == Passage.OPEN).tolist() == [[True, True, True]] * 3 + [[True, True, False]]


def test_tables_of_nothing_keep_their_shape() -> None:
    assert way_tables([], PROFILES)[0].shape == (4, 0, 2)
    assert barrier_table([()], ()).shape == (0, 1)


VALUES = {
    "highway": ["residential", "cycleway", "footway", "path", "motorway", "track", "construction"],
    "access": ["yes", "no", "private", "destination", "unknown"],
    "bicycle": ["yes", "no", "dismount"],
    "motor_vehicle": ["yes", "no"],
    "oneway": ["yes", "no", "-1"],
    "maxspeed": ["30", "80", "50 mph", "signals"],
    "surface": ["asphalt", "sand", "?"],
}
random_tags = st.fixed_dictionaries(
    {}, optional={key: st.sampled_from(values) for key, values in VALUES.items()}
)


@given(random_tags, st.sampled_from(["oneway", "access"]))
def test_a_restriction_never_opens_a_way_nor_makes_it_faster(found: dict[str, str], key: str) -> None:
    harder = found | {key: {"oneway": "yes", "access": "no"}[key]}
    free = {other: value for other, value in found.items() if other != key}
    sets = [tuple(sorted(free.items())), tuple(sorted(harder.items()))]
    without, restricted = np.moveaxis(way_tables(sets, PROFILES)[0], 1, 0)
    assert (restricted <= without).all()


@given(random_tags, st.sampled_from(PROFILES), st.floats(0.5, 20))
def test_own_speed_scales_and_opens_nothing(
    found: dict[str, str], profile: Profile, speed_mps: float
) -> None:
    way = tuple(sorted(found.items()))
    usual, own = np.array(way_speeds(way, profile)), np.array(way_speeds(way, with_speed(profile, speed_mps)))
    assert ((own > 0) == (usual > 0)).all()
    assert (own <= np.maximum(usual, speed_mps) + 1e-9).all()


def report_of(*rows: tuple[int, TagSet]) -> dict[str, tuple[str, int, tuple[str, ...]]]:
    found = tag_report([row for _, row in rows], np.array([count for count, _ in rows]))
    return {finding.what: (finding.action, finding.count, finding.examples) for finding in found.findings}


def test_the_report_counts_ways_and_names_the_most_frequent_tags() -> None:
    limit = '<tag k="maxspeed" v="50"/>'
    report = report_of(
        (3, tags(STREET, limit, '<tag k="access" v="unknown"/>')),
        (5, tags(STREET, limit, '<tag k="motor_vehicle" v="maybe"/>')),
        (9, tags(STREET, limit)),
    )
    assert report == {
        "ways with an access value not understood, which is skipped": (
            "assumed",
            8,
            ("motor_vehicle=maybe", "access=unknown"),
        )
    }


@pytest.mark.parametrize(
    ("snippets", "what", "action", "example"),
    [
        (
            (CYCLEWAY, '<tag k="access:conditional" v="no @ (22:00-06:00)"/>'),
            "conditional",
            "dropped",
            "access:conditional",
        ),
        (('<tag k="highway" v="made_up"/>',), "of a kind no mode knows", "dropped", "highway=made_up"),
        ((CYCLEWAY, '<tag k="oneway" v="reversible"/>'), "reversible", "dropped", "oneway=reversible"),
        ((CYCLEWAY, '<tag k="oneway" v="perhaps"/>'), "one-way value", "assumed", "oneway=perhaps"),
        ((STREET,), "follows from their kind", "assumed", "highway=residential"),
        ((CYCLEWAY, '<tag k="maxspeed" v="fast"/>'), "maxspeed not understood", "assumed", "maxspeed=fast"),
        ((CYCLEWAY, '<tag k="surface" v="moon_dust"/>'), "surface not known", "assumed", "surface=moon_dust"),
        (
            (CYCLEWAY, '<tag k="smoothness" v="so_so"/>'),
            "surface not known",
            "assumed",
            "smoothness=so_so",
        ),
        ((FERRY, '<tag k="duration" v="soon"/>'), "duration", "assumed", "duration=soon"),
    ],
)
def test_what_is_not_read_is_reported(
    snippets: tuple[str, ...], what: str, action: str, example: str
) -> None:
    report = report_of((7, tags(*snippets)))
    ((found, finding),) = report.items()
    assert what in found
    assert finding == (action, 7, (example,))


def test_barriers_that_are_not_known_are_reported_by_value() -> None:
    nodes = [tags('<tag k="barrier" v="made_up"/>', extra) for extra in ("", '<tag k="foot" v="no"/>')]
    ((what, found),) = report_of(
        (0, nodes[0]), (0, nodes[1]), (0, tags('<tag k="barrier" v="gate"/>'))
    ).items()
    assert "barrier" in what
    assert found == ("assumed", 1, ("made_up",))


def test_well_tagged_streets_leave_nothing_to_report() -> None:
    street = tags(STREET, '<tag k="maxspeed" v="NL:urban"/>')
    assert report_of((4, street), (2, tags(CYCLEWAY)), (0, ())) == {}


def test_a_car_ferry_needs_no_speed_limit() -> None:
    assert report_of((4, tags(FERRY, '<tag k="motor_vehicle" v="yes"/>'))) == {}


def test_combinations_without_ways_give_no_examples() -> None:
    unused, used = tags('<tag k="highway" v="unused"/>'), tags('<tag k="highway" v="used"/>')
    expected = ("dropped", 3, ("highway=used",))
    assert report_of((0, unused), (3, used)) == {"ways of a kind no mode knows": expected}
