"""What a hub in Valthe promised, and figures that could have been published since: worked out on the embedded region."""

from __future__ import annotations

from pathlib import Path

import pytest

import dorpshub

HEAD = "year,area,code,indicator,value,unit,definition,source\n"
GP = "mean distance to GP practice"
HUB = {"name": "Hub in Valthe", "edits": [{"edit": "PlaceHub", "place_id": "valthe", "kinds": ["gp"]}]}
FIGURES = (
    # Aa en Hunze is as CBS published it in 2019; all later figures are made up for this test.
    f"2019,Aa en Hunze,,{GP},2.4,km,by road,CBS",
    f"2027,Aa en Hunze,,{GP},2.1,km,by road,made up",
    f"2026,Borger-Odoorn,,{GP},1.9,km,by road,made up",
    f"2027,Borger-Odoorn,,{GP},1.7,km,by road,made up",
    f"2026,Valthe,valthe,{GP},3.9,km,by road,made up",
    f"2027,Valthe,valthe,{GP},0.4,km,by road,made up",
    "2026,Valthe,valthe,visits to the hub,0,visits a year,,made up",
    "2027,Valthe,valthe,visits to the hub,310,visits a year,,made up",
    "2021,Drenthe,,mean distance to large supermarket,1.3,km,by road,made up",
    "2027,Drenthe,,mean distance to large supermarket,1.2,km,by road,made up",
)


def test_a_hub_in_valthe_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(HEAD + "\n".join(FIGURES))
    region = dorpshub.open_region("zuid-oost-drenthe")
    table = dorpshub.monitor(region, file, after=dorpshub.apply(region, HUB))
    by = {(row["area"], row["indicator"]): row for row in table.to_dict("records")}
    # The village: from nearly four kilometres to its own hub, half a kilometre from its cells on average.
    valthe = by["Valthe", GP]
    assert valthe["level"] == "place"
    assert 3.8 < valthe["modelled"] < 4.1
    assert 0.4 < valthe["modelled_after"] < 0.6
    assert (valthe["published_change"], valthe["verdict"]) == (-3.5, "as promised")
    # Its municipality: 1,160 of 25,500 people come 3.5 km nearer, and some around it: 0.16 km less on average or a little more. Published
    # to a tenth, 1.9 to 1.7 says so.
    municipality = by["Borger-Odoorn", GP]
    assert -0.25 < municipality["promised_change"] < -0.1
    assert municipality["verdict"] == "as promised"
    # Another municipality, for which next to nothing was promised, changed as well.
    assert abs(by["Aa en Hunze", GP]["promised_change"]) < 0.02
    assert by["Aa en Hunze", GP]["verdict"] in ("not promised", "more")
    # The model is within a tenth of what CBS published there.
    assert by["Aa en Hunze", GP]["modelled"] == pytest.approx(2.4, abs=0.1)
    assert by["Valthe", "visits to the hub"]["why_not"] == "the model has no like of this indicator"
    # Drenthe is more than this region: its figure is that of other people.
    assert (
        by["Drenthe", "mean distance to large supermarket"]["why_not"] == "the area is not one of this region"
    )
