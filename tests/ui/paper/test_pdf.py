"""What is printed can be read by everybody: title, language, headings, tables and pictures are told to a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import segno

from support.pdf_reader import Pdf, squeezed
from ui.paper.chart import Curve, curves_svg
from ui.paper.code import square_code
from ui.paper.pdf import Drawing, Drawings, Heading, Link, Points, Report, Sentences, Table, pdf, png
from ui.words.i18n import texts_in

NL = texts_in("nl")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
ADDRESS = "http://localhost:8501/vergelijk?s=eJyr&lang=nl"
HOSTILE = (
    '#panic("x")',
    '#eval("1")',
    "*vet* _schuin_ `code` $x^2$",
    '#read("/etc/passwd")',
    "<label> @ref // /* \\",
    '"]) #set page(width: 1pt)',
    "'t Haantje",
    "= kop",
    "<b>&amp;</b>",
)


def report(title: str = "Exloo") -> Report:
    return Report(
        language="nl",
        kicker="Dorpshub",
        title=title,
        parts=(
            Points((f"Hub in {title}",)),
            Sentences(("Van 1.240 inwoners wordt de reis korter.",)),
            Drawing(SVG, "Kaart van Exloo", ""),
            Heading("Meer kaarten"),
            Drawings((Drawing(SVG, "Eerste kaart", title), Drawing(SVG, "Tweede kaart", "twee"))),
            Table("Grootste veranderingen", ("Plaats", "Nu"), ((title, "15 min"), ("Valthe", "9 min"))),
        ),
        notes=("Bronnen: CBS.",),
        made=date(2026, 11, 29),
        foot=f"Dorpshub {title}",
        link=Link(ADDRESS, "De pagina", square_code(ADDRESS), "Code met de link"),
    )


def test_a_screen_reader_is_told_what_everything_is() -> None:
    made = Pdf(pdf(report()))
    assert (made.language, made.title, made.links) == ("nl", "Exloo", [ADDRESS])
    assert "<pdfuaid:part>1</pdfuaid:part>" in made.claims
    tags = made.tags()
    # One heading of the first level, then those of the second: none is skipped.
    assert [tag.name for tag in tags if tag.name.startswith("H")] == ["H1", "H2", "H2"]
    assert [tag.alt for tag in tags if tag.name == "Figure"] == [
        "Kaart van Exloo", "Eerste kaart", "Tweede kaart", "Code met de link",
    ]  # fmt: skip
    # A head of two cells, and two rows of two.
    assert [tag.name for tag in tags if tag.name in {"Table", "THead", "TH", "TR", "TD"}] == [
        "Table", "THead", "TR", "TH", "TH", "TR", "TD", "TD", "TR", "TD", "TD",
    ]  # fmt: skip
    assert sum(tag.name == "LI" for tag in tags) == 1


def test_all_that_is_said_stands_in_it() -> None:
    said = Pdf(pdf(report())).text()
    for text in ("Hub in Exloo", "Van 1.240 inwoners wordt de reis korter.", "15 min", "Bronnen: CBS."):
        assert squeezed(text) in said


@pytest.mark.parametrize("name", HOSTILE)
def test_what_somebody_typed_is_text(name: str) -> None:
    made = Pdf(pdf(report(name)))
    assert made.title == name
    # In the heading, the list, the caption, the table and the foot: each time letter by letter.
    assert made.text().count(squeezed(name)) >= 5
    assert png(report(name)).startswith(b"\x89PNG")


def test_a_report_is_the_same_each_time() -> None:
    # The day is given, and no font of this machine is used.
    assert pdf(report()) == pdf(report())
    assert pdf(report()) != pdf(replace(report(), made=date(2026, 11, 30)))


def test_the_square_code_holds_the_address() -> None:
    drawn = square_code(ADDRESS)
    # Modules and the quiet border of four on both sides.
    size = segno.make_qr(ADDRESS, error="l", boost_error=False).symbol_size(border=4)[0]
    assert f'viewBox="0 0 {size} {size}"' in drawn
    # Version 40 holds 2,953 bytes.
    assert square_code("x" * 2953)
    assert square_code("x" * 2954) == ""


def heights(svg: str, colour: str) -> list[float]:
    """Where a curve stands after each minute, pixels from the top."""
    path = next(part for part in svg.split("<path ") if f'stroke="{colour}"' in part and "V" in part)
    return [float(step.split("H")[0].split('"')[0]) for step in path.split("V")[1:]]


@pytest.mark.parametrize("people", [(0, 5, 10), (0, 0, 100)])
def test_a_curve_stands_as_high_as_there_are_people(people: Sequence[int]) -> None:
    drawn = curves_svg([Curve("<nu>", people, "#123456", "")], "Minuten", "Inwoners", NL)
    zero, *rest = heights(drawn, "#123456")
    top = rest[-1]
    # Half of the people at the middle minute stand half as high.
    assert zero - rest[0] == pytest.approx((zero - top) * people[1] / people[2], abs=0.1)
    assert "&lt;nu&gt;" in drawn
