"""The page of one village: its sentences, its table, its day, and what one click tries out."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from data.study_area.published_figures import Control, read_control
from data.study_area.region_toml import load_region
from scenarios.edits.facilities import CloseFacility, PlaceHub
from support.toys.ui import CLOSED_GP, HUB_IN_BEE, INF, toy_comparison, toy_day, toy_world
from ui.pages.village.day_line import day_html, day_sentence, last_sentence
from ui.pages.village.panel import Letter
from ui.pages.village.table import comparison_table, services_html
from ui.sentences.village import village_details, village_headline
from ui.views.village import (
    Published,
    VillageView,
    place_row,
    published,
    spread,
    summary,
    village_view,
    what_if,
)
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
AA, BEE, CEE = range(3)


def distance(what: str, area: str, km: float, source: str = "CBS, nabijheid voorzieningen") -> Control:
    """Published mean distance."""
    return Control(what, what, area, "", "2019", km, "km", source, "", "observed", nan, nan)


CONTROLS = (
    distance("mean distance to GP practice", "Netherlands", 1.0),
    distance("mean distance to GP practice", "M", 9.9, "a newspaper"),
    distance("mean distance to GP practice", "M", 2.4),
    distance("mean distance to large supermarket", "N", 1.3),
)


def view(row: int, *, changed: bool = False) -> VillageView:
    """The village in one row, for a GP by bike, before and after or twice before."""
    world, comparison = toy_world(), toy_comparison()
    before = summary(comparison.before)
    after = summary(comparison.after) if changed else before
    return village_view((world, world), row, {"gp": ((before, after),)}, (toy_day(),), CONTROLS)


def test_means_are_of_the_residents_of_the_region_who_reach_one() -> None:
    # Aa: 1 person at 120 s, Bee: 20 at 1,200 s; Cee reaches none, Elders lies outside: (120 + 24,000) / 21.
    means = summary(toy_comparison().before).mean_s
    assert means == {"": pytest.approx(24_120 / 21), "M": pytest.approx(24_120 / 21)}


def test_the_headline_says_how_far_it_is_and_what_changes() -> None:
    assert village_headline(view(BEE), (), NL) == "Vanuit Bee is de huisarts 20 minuten fietsen."
    assert village_headline(view(BEE), (), EN) == "From Bee the GP is 20 minutes by bike."
    assert (
        village_headline(view(BEE, changed=True), (HUB_IN_BEE,), NL)
        == "Met een hub in Bee is vanuit Bee de huisarts 3 minuten fietsen (nu 20 minuten)."
    )


def test_the_headline_says_what_cannot_be_reached() -> None:
    assert village_headline(view(CEE), (), NL) == "Vanuit Cee is geen van deze voorzieningen te bereiken."
    assert (
        village_headline(view(CEE, changed=True), (HUB_IN_BEE,), NL)
        == "Met een hub in Bee is vanuit Cee de huisarts 9 minuten fietsen (nu niet te bereiken)."
    )
    back = view(CEE, changed=True)
    (service,) = back.services
    lost = replace(back, services=(replace(service, before=service.after, after=service.before),))
    assert (
        village_headline(lost, (CLOSED_GP,), NL)
        == "Zonder GP Aa is vanuit Cee de huisarts niet meer te bereiken (nu 9 minuten fietsen)."
    )


def test_what_stays_the_same_is_said() -> None:
    assert (
        village_headline(view(AA, changed=True), (HUB_IN_BEE,), NL)
        == "Met een hub in Bee verandert geen reis vanuit Aa met een minuut of meer."
    )


def test_details_count_people_and_tell_how_others_fare() -> None:
    # The mean over 21 people is 1,149 s: 19 minutes.
    people, others, cbs = village_details(view(BEE), "gp", NL)
    assert people == "Bee heeft 20 inwoners; niemand van hen is 75 jaar of ouder."
    assert others.startswith("Voor de inwoners van M is het gemiddeld 19 minuten fietsen naar de huisarts")
    # That of the municipality itself, and of CBS: not those of the country or of another source.
    assert cbs == "Volgens het CBS (2019) is de huisarts voor inwoners van M gemiddeld 2,4 km ver."


def test_what_is_published_of_others_is_not_told() -> None:
    assert published(CONTROLS, "N") == (Published("supermarket", 1.3, "2019"),)
    elsewhere = replace(view(BEE), published=published(CONTROLS, "N"))
    assert not any("CBS" in sentence for sentence in village_details(elsewhere, "gp", NL))


def test_the_embedded_region_has_a_figure_of_aa_en_hunze() -> None:
    # data/regions/zuid-oost-drenthe/facts/control.csv, line gp-aa-en-hunze.
    region = load_region("zuid-oost-drenthe")
    assert published(read_control(region), "Aa en Hunze") == (Published("gp", 2.4, "2019"),)


def test_the_table_shows_before_and_after_with_an_arrow_beside_the_colour() -> None:
    still, changed = services_html(view(BEE), NL), services_html(view(BEE, changed=True), NL)
    assert "<b>20 min</b>" in still
    assert '<s>20 min</s> <b class="dh-better">\u2193 3 min</b>' in changed
    assert "gemodelleerd" in still
    assert comparison_table(view(BEE), "bike", NL)["Bee"].tolist() == ["20 min"]


def test_a_name_cannot_bring_html_along() -> None:
    assert "<i>" not in services_html(replace(view(BEE), name="<i>Bee</i>"), NL)


def test_a_service_without_data_is_told_from_one_out_of_reach() -> None:
    # The toy region knows GPs alone: pharmacy, supermarket, school and hub are said to be unknown, and are not left out.
    table = services_html(view(BEE), NL)
    assert table.count("Staat niet in de gegevens van deze regio.") == 4
    assert "Basisschool" in table


def test_one_click_closes_the_service_people_go_to() -> None:
    assert what_if("close-gp", view(BEE), ("gp",)) == CloseFacility("gp-aa")
    assert what_if("hub", view(BEE), ("gp",)) == PlaceHub(place_id="bee", kinds=("gp",))
    assert what_if("close-gp", view(CEE), ("gp",)) is None
    assert what_if("close-bank", view(BEE), ("gp",)) is None


def test_an_unknown_village_is_a_usual_one_of_the_region() -> None:
    # Cee with 1,240 is nearest to 1,600; Elders lies outside the region.
    assert place_row(toy_world(), "atlantis") == place_row(toy_world(), "elders") == CEE
    assert place_row(toy_world(), "bee") == BEE


def test_the_day_is_told_in_words_and_clock_times() -> None:
    html = day_html(toy_day(), NL)
    for words in (
        "4 min lopen naar Bee, Kerk",
        "6 min wachten bij Bee, Kerk",
        "lijn 27 naar Aa, Markt, 10 min",
        "30 min bij Shop Aa",
        "40 min lopen naar huis",
        "<b>10.30</b> weer thuis, 90 minuten na vertrek",
    ):
        assert words in html
    assert "line 27 to Aa, Markt, 10 min" in day_html(toy_day(), EN)


def test_the_day_sentence_gives_the_three_readings_and_the_last_chance() -> None:
    assert day_sentence(toy_day(), "Bee", NL) == (
        "Een bezoek van 30 minuten aan de supermarkt kost vanuit Bee heen en terug gewoonlijk 90 minuten; "
        "op zijn best 60 minuten, op zijn slechtst 2 u 10."
    )
    assert last_sentence(toy_day(), NL).startswith(
        "Iedereen die na 19.04 uur vertrekt, redt het die dag niet meer."
    )
    never = replace(toy_day(), ordinary_min=None, steps=(), last_done=None, assumed_hours=False)
    assert "lukt op deze manier niet" in day_sentence(never, "Bee", NL)
    assert (day_html(never, NL), last_sentence(never, NL)) == ("", "")


def test_the_spread_is_that_of_nine_in_ten_residents() -> None:
    # Twenty people in place 0 need 1, 2, ... 20 minutes, in any order; the one within 1 minute is one in twenty, 19 are
    # all but one in twenty. In place 1 one of three cells reaches none, and they are half of the people; place 2 is empty.
    place = np.array([0] * 20 + [1, 1, 1], np.int32)
    seconds = np.array([60.0 * minute for minute in range(20, 0, -1)] + [60.0, 120.0, INF])
    people = np.array([1] * 20 + [1, 1, 2], np.int32)
    low, high = spread(place, seconds, people, 3)
    assert low.tolist() == [60.0, 60.0, INF]
    assert high.tolist() == [19 * 60.0, INF, INF]


def beside(low_min: float, high_min: float) -> VillageView:
    """Bee with a GP beside its dot; its residents live between so many minutes from it."""
    found = view(BEE, changed=True)
    (service,) = found.services
    (after,) = service.after
    near = replace(after, minutes=0.3, spread_min=(low_min, high_min), facility="Hub Bee")
    return replace(found, services=(replace(service, after=(near,)),))


def test_where_the_dot_stands_beside_the_service_those_who_live_there_are_told() -> None:
    found = beside(2.6, 14.2)
    assert village_headline(found, (HUB_IN_BEE,), NL) == (
        "Met een hub in Bee is vanuit Bee de huisarts 3 tot 14 minuten fietsen (nu 20 minuten); "
        "het hangt ervan af waar u woont."
    )
    assert village_headline(found, (), NL) == (
        "Vanuit Bee is de huisarts 3 tot 14 minuten fietsen, afhankelijk van waar u woont."
    )
    assert "3\u201314 min</b>" in services_html(found, NL)
    assert comparison_table(found, "bike", NL)["Bee"].tolist() == ["3\u201314 min"]


def test_walking_is_not_sold_as_a_bus() -> None:
    found = view(BEE)
    (service,) = found.services
    bus = replace(service.after[0], mode="transit", on_foot=True, in_village=True)
    near = replace(found, services=(replace(service, before=(bus,), after=(bus,)),))
    assert village_details(near, "gp", NL)[1] == "De huisarts is in uw dorp; u hebt geen bus nodig."
    assert "<small>lopen</small>" in services_html(near, NL)
    far = replace(near, services=(replace(service, after=(replace(bus, in_village=False),)),))
    assert village_details(far, "gp", NL)[1] == "Voor de huisarts hebt u geen bus nodig: lopen is het snelst."
    walked = replace(toy_day(), steps=(toy_day().steps[0], *toy_day().steps[3:]))
    assert day_sentence(walked, "Bee", NL) == (
        "Voor de supermarkt hebt u geen bus nodig: lopend heen en terug duurt het 90 minuten, met een bezoek van 30 minuten."
    )


def test_each_mode_names_where_it_goes_unless_all_go_to_the_same() -> None:
    found = view(BEE)
    (service,) = found.services
    walk = replace(service.after[0], mode="walk", facility="GP Cee")
    both = replace(service, nearest="", before=(*service.before, walk), after=(*service.after, walk))
    html = services_html(replace(found, modes=("bike", "walk"), services=(both,)), NL)
    assert "<small>GP Aa</small>" in html
    assert "<small>GP Cee</small>" in html
    assert services_html(found, NL).count("GP Aa") == 1


def test_a_kind_that_is_not_in_the_data_is_said_to_be_unknown() -> None:
    found = view(BEE)
    (service,) = found.services
    unknown = replace(found, services=(replace(service, known=False),))
    assert "Staat niet in de gegevens van deze regio." in services_html(unknown, NL)
    assert "Waar een huisarts is, staat niet in de gegevens van dit gebied." in village_details(
        unknown, "gp", NL
    )


def test_a_letter_about_a_mistake_opens_as_a_message() -> None:
    letter = Letter("Er klopt iets niet in Bee & Cee", "Dorp: Bee\nHet moet zijn: 100% dicht")
    assert letter.link("data@example.org") == (
        "mailto:data@example.org?subject=Er%20klopt%20iets%20niet%20in%20Bee%20%26%20Cee"
        "&body=Dorp%3A%20Bee%0AHet%20moet%20zijn%3A%20100%25%20dicht"
    )
