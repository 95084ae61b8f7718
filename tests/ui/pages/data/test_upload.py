"""The panel "Your own data", over the toy valley, as Streamlit runs it but without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from accessibility.world import World
from data.files.csv_text import COMMAS, SEMICOLONS, spreadsheet_bytes
from data.files.faults import Fault, OwnFaultError, refuse_other_content
from data.own.store import NAME
from data.own.timetable import Days
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from support.files import APP
from support.toys.app import app_over, state
from support.toys.own_files import brought, checked, feed, services_csv, valley, write
from support.toys.region import lonlat, write_toy_region
from support.toys.ui import toy_world
from ui.pages.data import upload_actions
from ui.sentences.upload import ADVICE, CONTENTS, FAULTS, WAY_MEANS, fault_sentence, meaning
from ui.state import cache, regions, session
from ui.state.cached import forget_all
from ui.state.link import pack, read_choices
from ui.state.settle import REGION_BROKEN
from ui.state.uploading import Draft, Uploading
from ui.views.upload import check_view, example_table, smallest_table
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
WEST, EAST = lonlat("west"), lonlat("east")
SERVICES = services_csv(("gp", "New GP", "west"), ("pharmacy", "Pills", "east")).encode()


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Folder of the regions of visitors."""
    monkeypatch.setattr(regions, "UPLOADED", tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path) -> Iterator[AppTest]:
    """Return the app over the toy valley, at the page about the data."""
    del home
    with app_over(monkeypatch, tmp_path, write_toy_region(tmp_path / "valley"), "gegevens") as app:
        yield app


def upload(app: AppTest, name: str, content: bytes) -> None:
    """Bring a file, wait until it has been checked, and look at the page."""
    app.file_uploader[0].upload(name, content, "application/octet-stream").run()
    wait(app)


def wait(app: AppTest) -> None:
    check = state(app).of(Uploading).check
    assert check is not None
    check.join(60)
    assert check.is_over
    app.run()


def shown(app: AppTest) -> str:
    return " ".join(str(element.value) for element in (*app.markdown, *app.error, *app.caption))


def use(app: AppTest) -> str:
    """Use what was checked, and give the name of the region."""
    (button,) = [one for one in app.button if one.label == NL.say("Use these data")]
    button.click().run()
    assert not app.exception
    return state(app).choices.region


def test_from_a_table_to_a_region_and_back(app: AppTest, home: Path) -> None:
    app.run()
    assert not app.exception
    upload(app, "mijn.csv", SERVICES)
    assert not app.error
    assert "Gelezen: 2 voorzieningen van 2 soorten." in shown(app)
    # The valley has a supermarket, the file none.
    assert "Deze soorten staan niet in uw bestand, en nu wel in het gebied: supermarkt." in shown(app)
    app.text_input(key="upload-title").input("De vallei, nieuw")
    name = use(app)
    assert NAME.fullmatch(name)
    assert [told.value for told in app.success] == [NL.say(upload_actions.USED)]
    assert app.query_params["region"] in (name, [name])
    assert app.selectbox(key="choose-region").options == [
        "Toy valley",
        "Zuid- en Oost-Drenthe",
        "De vallei, nieuw",
    ]
    assert cache.opened(state(app).choices, NL).facilities.name == ("New GP", "Pills")
    # Nothing of the draft is left behind, and nothing is half-written.
    assert sorted(path.name for path in home.iterdir()) == [name]

    # It opens on the page of the planner, which has a way back to the panel.
    assert state(app).page == "design"
    assert app.button(key="upload-data").label == NL.say("Use your own data")

    # Reload: a new session, with nothing but the link.
    again = AppTest.from_file(str(APP), default_timeout=120)
    again.query_params["region"] = name
    again.run()
    again.button(key="upload-remove").click().run()
    assert state(again).choices.region == "valley"
    assert not regions.is_uploaded(name)
    assert "De vallei, nieuw" not in again.selectbox(key="choose-region").options
    again.button(key="upload-restore").click().run()
    assert state(again).choices.region == name
    assert regions.is_uploaded(name)


def test_a_file_is_added_once_that_is_chosen_and_may_replace_after_all(app: AppTest) -> None:
    app.run()
    assert NL.say(WAY_MEANS["replace"]) in shown(app)  # as it was before there was a choice
    app.segmented_control(key="upload-way-facilities").set_value("add").run()
    assert NL.say(WAY_MEANS["add"]) in shown(app)
    upload(app, "mijn.csv", SERVICES + b"gp,Twin,%f,%f\n" % lonlat("mid"))
    assert not app.error
    told = shown(app)
    assert "Gelezen: 3 voorzieningen van 2 soorten. Dit komt bij wat het gebied heeft." in told
    assert "Er komt bij: huisarts (2) en apotheek (1)." in told
    # The GP of the valley stands where Twin does.
    assert "Misschien is 1 ervan er al, en telt die dubbel" in told
    assert "Deze soorten staan niet in uw bestand" not in told
    (table,) = (one.value for one in app.table if NL.say("With your file") in one.value)
    assert list(table.loc["Voorzieningen"]) == ["2", "5"]
    # Another choice checks the same file anew, and an undo brings this one back.
    app.segmented_control(key="upload-way-facilities").set_value("replace").run()
    wait(app)
    assert "Deze soorten staan niet in uw bestand, en nu wel in het gebied: supermarkt." in shown(app)
    app.button(key="upload-undo").click().run()
    wait(app)
    assert app.segmented_control(key="upload-way-facilities").value == "add"
    name = use(app)
    assert cache.opened(state(app).choices, NL).facilities.name == (
        "Gp mid",
        "Supermarket east",
        "New GP",
        "Pills",
        "Twin",
    )
    # The link alone gives the same region.
    again = AppTest.from_file(str(APP), default_timeout=120)
    again.query_params["region"] = name
    again.run()
    assert len(cache.opened(state(again).choices, NL).facilities.id) == 5


def test_streets_can_only_be_replaced(app: AppTest) -> None:
    app.run()
    app.segmented_control(key="upload-layer").set_value("streets").run()
    assert not app.exception
    assert [one.key for one in app.segmented_control if str(one.key).startswith("upload-way")] == []
    assert NL.say(WAY_MEANS["replace"]) in shown(app)


def test_a_wrong_file_is_said_in_one_sentence_and_changes_nothing(app: AppTest) -> None:
    app.run()
    upload(app, "brief.pdf", b"%PDF-1.7 hello")
    assert [error.value for error in app.error] == [
        "brief.pdf is een PDF, en dat kan hier niet. Bewaar de tabel als CSV, en kies dat bestand."
    ]
    assert [one.label for one in app.button if one.label == NL.say("Use these data")] == []
    assert state(app).choices.region == "valley"
    app.button(key="upload-out-0").click().run()
    assert not app.error
    assert "Geen bestanden" in " ".join(str(one.proto.body) for one in app.get("html"))
    app.button(key="upload-undo").click().run()
    wait(app)
    assert len(app.error) == 1


def test_another_day_is_one_click_away(app: AppTest, tmp_path: Path) -> None:
    app.run()
    app.segmented_control(key="upload-layer").set_value("timetable").run()
    upload(app, "bus.zip", feed(tmp_path / "bus.zip", (WEST, EAST), ("20250304",)).read_bytes())
    assert "bus.zip heeft geen ritten op dinsdag 6 oktober 2026." in shown(app)
    app.button(key="upload-day").click().run()
    wait(app)
    assert not app.error
    assert "Gelezen: 2 ritten van 1 lijn op dinsdag 4 maart 2025, langs 2 haltes." in shown(app)
    name = use(app)
    assert cache.opened(state(app).choices, NL).region.service_date == date(2025, 3, 4)
    assert name == state(app).choices.region


def test_the_origin_is_that_which_the_visitor_says(app: AppTest) -> None:
    app.run()
    upload(app, "mijn.csv", SERVICES)
    app.selectbox(key="upload-origin-0").select("modelled").run()
    wait(app)
    use(app)
    world = cache.opened(state(app).choices, NL)
    assert world.region.is_modelled("facilities")
    assert world.facilities.modelled.all()


def test_changes_that_fit_the_new_region_stay_and_the_others_are_undone(app: AppTest) -> None:
    hub = PlaceHub(place_id="west", kinds=("gp",))
    app.query_params["s"] = pack(Scenario("", "", (CloseFacility("gp-0"), hub)))
    app.run()
    upload(app, "mijn.csv", SERVICES)
    use(app)
    # It leads to the page of the planner. The GP that was closed is not in the file; West is still there.
    assert state(app).page == "design"
    assert state(app).scenario.edits == (hub,)
    assert [error.value for error in app.error] == [NL.say(session.OTHER_REGION)]
    app.selectbox(key="choose-region").select("valley").run()
    assert not app.exception
    assert state(app).scenario.edits == (hub,)


def test_another_visitor_sees_it_only_by_its_link(app: AppTest) -> None:
    app.run()
    upload(app, "mijn.csv", SERVICES)
    name = use(app)
    other = AppTest.from_file(str(APP), default_timeout=120).run()
    assert name not in " ".join(other.selectbox(key="choose-region").options)
    assert len(other.selectbox(key="choose-region").options) == 2
    linked = AppTest.from_file(str(APP), default_timeout=120)
    linked.query_params["region"] = name
    linked.run()
    assert state(linked).choices.region == name
    assert len(linked.selectbox(key="choose-region").options) == 3
    linked.button(key="upload-remove").click().run()
    # Who opens the link after that is told, and may bring it back.
    late = AppTest.from_file(str(APP), default_timeout=120)
    late.query_params["region"] = name
    late.run()
    assert [error.value for error in late.error] == [NL.say(session.REGION_GONE)]
    assert state(late).choices.region == "valley"
    late.button(key="upload-restore").click().run()
    assert state(late).choices.region == name


def test_a_region_that_cannot_be_opened_gives_the_first_one_and_says_so(app: AppTest, home: Path) -> None:
    app.run()
    upload(app, "mijn.csv", SERVICES)
    name = use(app)
    forget_all()
    (home / name / "own-facilities.csv").unlink()
    again = AppTest.from_file(str(APP), default_timeout=120)
    again.query_params["region"] = name
    again.run()
    assert not again.exception
    assert [error.value for error in again.error] == [NL.say(REGION_BROKEN)]
    assert state(again).choices.region == "valley"
    assert str(home) not in " ".join(text.value for text in again.text)


@pytest.mark.parametrize(
    "region", ["../valley", "/etc/passwd", "own-" + "0" * 32, "own-" + "f" * 100_000, "own-..", "\x00", ""]
)
def test_a_hostile_region_in_a_link_is_the_default(app: AppTest, region: str) -> None:
    del app
    assert read_choices({"region": region}).region == "valley"


def test_too_much_is_refused_before_it_is_kept(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    upload(app, "mijn.csv", SERVICES)
    monkeypatch.setattr(upload_actions, "MB", 0)
    app.file_uploader[0].upload("meer.csv", SERVICES, "text/csv").run()
    assert [error.value for error in app.error] == [NL.say(upload_actions.TOO_MUCH)]
    draft = state(app).of(Uploading).draft
    assert draft is not None
    assert [file.name for file in draft.files] == ["mijn.csv"]


@pytest.mark.parametrize(
    ("name", "shown_name"),
    [
        ("![x](http://evil.example/x.png).csv", "x.png).csv"),
        ("C:\\Users\\jan\\mijn_2024.csv", "mijn_2024.csv"),
        ("../../etc/passwd", "passwd"),
        ("Apotheken (caf\u00e9) <b>.csv", "Apotheken (caf\u00e9) _b_.csv"),
        ("", "file"),
    ],
)
def test_the_name_of_a_file_is_only_a_name(tmp_path: Path, name: str, shown_name: str) -> None:
    class Given:
        size, file_id = 2, "1"

        def getbuffer(self) -> memoryview:
            return memoryview(b"ab")

    given: Any = Given()
    given.name = name
    kept = upload_actions._kept(tmp_path, given, "facilities", ())
    assert kept.name == shown_name
    assert kept.path == tmp_path / "0-facilities"
    assert kept.path.read_bytes() == b"ab"


def test_one_file_may_be_so_large(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    monkeypatch.setitem(upload_actions.MOST_MB, "facilities", 1)
    app.file_uploader[0].upload("groot.csv", b"0" * (2**20 + 1), "text/csv").run()
    assert [error.value for error in app.error] == [NL.say(upload_actions.TOO_MUCH)]
    assert state(app).of(Uploading).check is None


def test_a_file_does_not_stay_in_memory(app: AppTest) -> None:
    app.run()
    before = state(app).of(Uploading).round
    upload(app, "mijn.csv", SERVICES)
    # The field is a new one, without a file; the file itself is on disk.
    assert state(app).of(Uploading).round == before + 1
    assert app.file_uploader[0].value is None
    draft = state(app).of(Uploading).draft
    assert draft is not None
    assert draft.files[0].path.read_bytes() == SERVICES


# ---- Views and sentences


def as_dict(world: World, layer: str) -> dict[str, list[Any]]:
    return {str(column): list(values) for column, values in example_table(world, layer).items()}


def test_the_example_is_the_region_itself() -> None:
    services, places = as_dict(toy_world(), "facilities"), as_dict(toy_world(), "places")
    assert services["name"] == ["GP Aa", "Shop Bee"]
    assert services["origin"] == ["modelled", "observed"]
    assert services["lon"] == [6.6, 6.7]
    assert places["in_region"] == ["true", "true", "true", "false"]
    assert places["inhabitants_20_64"] == [1, 20, 1_240, 9_000]
    # The least that a file must have, of the places of the region only.
    assert smallest_table(toy_world(), "places").to_dict("list") == {
        "name": ["Aa", "Bee", "Cee"],
        "lon": [6.6, 6.7, 6.8],
        "lat": [52.8] * 3,
        "inhabitants": [1, 20, 1_240],
    }


@pytest.mark.parametrize("dutch", [True, False])
@pytest.mark.parametrize("layer", ["facilities", "places"])
def test_the_example_can_be_brought_as_it_is(tmp_path: Path, layer: str, dutch: bool) -> None:  # noqa: FBT001
    here = valley(tmp_path)
    content = spreadsheet_bytes(example_table(here.world, layer), SEMICOLONS if dutch else COMMAS)
    found = checked(here, brought(write(tmp_path / "example.csv", content), layer))
    (one,) = found.layers
    assert one.fault is None
    assert one.before == one.after
    actions = {finding.action for finding in one.report.findings}
    assert actions <= ({"repaired"} if dutch else set())  # its separators and decimal commas


def test_the_report_puts_the_total_first_and_names_the_kinds_that_go(tmp_path: Path) -> None:
    here = valley(tmp_path)
    text = services_csv(("pharmacy", "A", "west"), ("pharmacy", "B", "mid")) + "gp,Far,4.9,52.3\n"
    found = checked(here, brought(write(tmp_path / "mine.csv", text), "facilities"))
    view = check_view(found, date(2026, 10, 6))
    (layer,) = view.layers
    assert view.is_usable
    # One GP and one supermarket before; two pharmacies after, and a GP too far away to count.
    assert [(one.what, one.before, one.after) for one in layer.counts] == [
        ("services", 2, 2),
        ("pharmacy", 0, 2),
        ("gp", 1, 0),
        ("supermarket", 1, 0),
    ]
    assert (layer.read, layer.dropped, layer.missing_kinds) == (3, 1, ("gp", "supermarket"))
    assert meaning(layer, "", EN) == (
        "Read: 2 services of 1 kind.",
        "1 of the 3 rows is left out, for the reason in the table.",
        "Your file has no gp and supermarket, and the region has now: with your data nobody reaches one.",
    )


@pytest.mark.parametrize("layer", ADVICE)
@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("texts", [NL, EN], ids=["nl", "en"])
def test_every_fault_has_a_whole_sentence(kind: Any, layer: str, texts: Any) -> None:
    blanks = {"found": "a PDF", "missing": "kind", "where": "52.30, 4.90", "n": "1", "total": "1200"}
    days = Days(date(2025, 3, 4), date(2025, 3, 11), date(2025, 3, 4))
    sentence = fault_sentence(Fault(kind, "mijn.csv", blanks), layer, days, "vandaag", texts)
    assert "mijn.csv" in sentence
    assert "{" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"%PDF-", "a PDF"), (b"\xff\xd8\xff\xe0", "a picture"), (b"PAR1", "a Parquet table"), (b"[1]", "JSON")],
)
def test_what_a_file_is_has_words(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(OwnFaultError) as refused:
        refuse_other_content(write(tmp_path / "x", content), "x", ())
    assert refused.value.fault.blanks == {"found": words}
    assert words in CONTENTS


def test_a_draft_tells_whether_a_check_is_about_it(tmp_path: Path) -> None:
    file = brought(tmp_path / "a", "facilities")
    draft = Draft(tmp_path, "valley", (file,), date(2026, 10, 6))
    assert draft == Draft(tmp_path, "valley", (brought(tmp_path / "a", "facilities"),), date(2026, 10, 6))
    assert hash(draft) != hash(Draft(tmp_path, "valley", (), date(2026, 10, 6)))


def test_names_stay_readable_but_become_no_link() -> None:
    # Quarters are written with a dash; brackets would be read as a link.
    assert upload_actions.plain("Emmen \u2013 Angelslo") == "Emmen \u2013 Angelslo"
    assert upload_actions.plain("[a](http://b)") == "_a_(http___b)"
