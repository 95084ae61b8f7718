"""The words for kinds of service, modes of travel and layers, each translated where it is used."""

from __future__ import annotations

from dataclasses import dataclass

from ui.words.i18n import mark


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind of service is named: on a button, in a sentence (`a GP`, `the GP`) and as a letter on the map."""

    label: str
    one: str
    the: str
    letter: str


@dataclass(frozen=True, slots=True)
class ModeWords:
    """How a mode of travel is named: on a button, and after "10 minutes"."""

    label: str
    travelling: str


@dataclass(frozen=True, slots=True)
class TravellerWords:
    """How a traveller is named: in a list, and after "for"."""

    label: str
    someone: str


KINDS = {
    "gp": KindWords(mark("GP"), mark("a GP"), mark("the GP"), mark("letter|G")),
    "pharmacy": KindWords(mark("Pharmacy"), mark("a pharmacy"), mark("the pharmacy"), mark("letter|P")),
    "supermarket": KindWords(
        mark("Supermarket"), mark("a supermarket"), mark("the supermarket"), mark("letter|S")
    ),
    "convenience": KindWords(
        mark("Convenience store"),
        mark("a convenience store"),
        mark("the convenience store"),
        mark("letter|C"),
    ),
    "primary_school": KindWords(
        mark("Primary school"), mark("a primary school"), mark("the primary school"), mark("letter|E")
    ),
    "secondary_school": KindWords(
        mark("Secondary school"), mark("a secondary school"), mark("the secondary school"), mark("letter|2")
    ),
    "special_school": KindWords(
        mark("Special school"), mark("a special school"), mark("the special school"), mark("letter|X")
    ),
    "hospital": KindWords(mark("Hospital"), mark("a hospital"), mark("the hospital"), mark("letter|+")),
    "village_hall": KindWords(
        mark("Village hall"), mark("a village hall"), mark("the village hall"), mark("letter|V")
    ),
    "library": KindWords(mark("Library"), mark("a library"), mark("the library"), mark("letter|L")),
    "post": KindWords(
        mark("Post and parcels"),
        mark("a post or parcel point"),
        mark("the post or parcel point"),
        mark("letter|M"),
    ),
    "bank": KindWords(
        mark("Bank"), mark("a bank or cash machine"), mark("the bank or cash machine"), mark("letter|€")
    ),
    "dentist": KindWords(mark("Dentist"), mark("a dentist"), mark("the dentist"), mark("letter|D")),
    "physiotherapist": KindWords(
        mark("Physiotherapist"), mark("a physiotherapist"), mark("the physiotherapist"), mark("letter|F")
    ),
    "care_home": KindWords(mark("Care home"), mark("a care home"), mark("the care home"), mark("letter|N")),
    "hub": KindWords(mark("Village hub"), mark("a village hub"), mark("the village hub"), mark("letter|H")),
}
NOT_FOR_HUBS = (
    "hub",
    "village_hall",
    "primary_school",
    "secondary_school",
    "special_school",
    "hospital",
    "care_home",
)
"""Kinds that a hub does not offer: itself, and what is a building of its own."""

MODES = {
    "walk": ModeWords(mark("On foot"), mark("on foot")),
    "bike": ModeWords(mark("Bike"), mark("by bike")),
    "ebike": ModeWords(mark("E-bike"), mark("by e-bike")),
    "car": ModeWords(mark("Car"), mark("by car")),
    "transit": ModeWords(mark("Bus and train"), mark("by bus or train")),
    "bike_transit": ModeWords(mark("Bike and bus"), mark("by bike and bus")),
    "on_demand": ModeWords(mark("Ride on demand"), mark("by ride on demand")),
    "ebike_transit": ModeWords(mark("E-bike and bus"), mark("by e-bike and bus")),
}
MIXED = ModeWords(mark("Each by what is quickest"), mark("of travelling"))
"""Where groups travel in their own ways."""
VILLAGE_KINDS = ("gp", "pharmacy", "supermarket", "primary_school", "hub")
VILLAGE_MODES = ("walk", "bike", "ebike", "transit", "on_demand", "car")
"""What the page of one village tells about."""
TIMETABLE_MODES = ("transit", "bike_transit", "ebike_transit", "on_demand")

TRAVELLERS = {
    "adult": TravellerWords(mark("Adult"), mark("an adult")),
    "75plus": TravellerWords(mark("75 or older, on foot"), mark("someone of 75 or older on foot")),
    "ebike": TravellerWords(mark("With an e-bike"), mark("someone with an e-bike")),
    "no_car": TravellerWords(mark("Without a car"), mark("someone without a car")),
    "frame": TravellerWords(mark("With a walking frame"), mark("someone with a walking frame")),
    "pupil": TravellerWords(mark("Pupil"), mark("a pupil")),
}
DAYS = {
    "Mo": mark("Mo"),
    "Tu": mark("Tu"),
    "We": mark("We"),
    "Th": mark("Th"),
    "Fr": mark("Fr"),
    "Sa": mark("Sa"),
    "Su": mark("Su"),
    "PH": mark("holidays"),
    "SH": mark("school holidays"),
    "off": mark("closed"),
}
"""Words of opening hours as OpenStreetMap writes them."""
HOURS = {
    "7-9": (7, 9),
    "9-11": (9, 11),
    "9-17": (9, 17),
    "13-17": (13, 17),
    "17-19": (17, 19),
    "19-22": (19, 22),
}
"""Hours of departure to choose from, as they stand in a link; the region has hours of its own as well."""
AT_SCHOOL = "school"
"""In place of hours: to be at school before the bell, leaving as late as one can."""

LAYERS = {
    "places": mark("Places and inhabitants"),
    "population": mark("Population grid"),
    "facilities": mark("Services"),
    "streets": mark("Streets and paths"),
    "timetable": mark("Timetable"),
    "outlines": mark("Municipal outlines"),
    "broadband": mark("Fast internet"),
    "features": mark("Features of the map"),
    "on demand": mark("Rides on demand"),
}

ORIGINS = {"observed": mark("observed"), "modelled": mark("modelled")}
ACTIONS = {
    "kept": mark("kept as it was"),
    "assumed": mark("assumed"),
    "repaired": mark("repaired"),
    "dropped": mark("left out"),
}
