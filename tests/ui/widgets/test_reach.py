"""The panel of how far people come, on the toy valley: one departure by bus, chosen with the slider."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from support.toys.region import write_toy_region


def panel(folder: str) -> None:
    from dataclasses import replace  # noqa: PLC0415 -- run as a script of its own
    from pathlib import Path  # noqa: PLC0415

    from accessibility.world import open_world  # noqa: PLC0415
    from scenarios.edits.scenario import EMPTY  # noqa: PLC0415
    from ui.state.session import visit  # noqa: PLC0415
    from ui.views.reach_link import AT_A_TIME, Reaching  # noqa: PLC0415
    from ui.widgets import reach  # noqa: PLC0415
    from ui.words.i18n import texts_in  # noqa: PLC0415

    state = visit()
    state.choices = replace(state.choices, mode="transit", limit=10, lang="en")
    if not state.past:
        # Once: afterwards it is as it was chosen.
        state.past.append(EMPTY)
        state.reaching = Reaching("to", reading=AT_A_TIME)
    world = open_world(Path(folder))
    within = reach.reached(world, EMPTY, "supermarket-1")
    reach.draw(world, EMPTY, within, "supermarket-1", texts_in("en"))


def test_the_slider_picks_the_departure_that_is_told(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    app = AppTest.from_function(panel, args=(str(folder),), default_timeout=300).run()
    assert not app.exception
    # The 9:00 of West is in East at 9:08; who leaves at 9:10 waits for the 9:30.
    assert "700 inhabitants can be at Supermarket east when leaving at 9:00" in app.get("html")[0].proto.body
    app.select_slider[0].set_value(9 * 3600 + 600).run()
    assert not app.exception
    assert "100 inhabitants can be at Supermarket east when leaving at 9:10" in app.get("html")[0].proto.body
    app.segmented_control(key="reach-way").set_value("from").run()
    assert not app.exception
    # The bus of 9:10 from East: there is none in this direction, and Mid is 25 minutes on foot.
    assert "from Supermarket east one gets to the homes of 100 inhabitants" in app.get("html")[0].proto.body
    app.toggle[0].set_value(False).run()
    assert not app.get("html")
