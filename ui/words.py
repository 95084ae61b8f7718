"""The words for kinds of service, modes of travel and layers, each translated where it is used."""

from __future__ import annotations

from dataclasses import dataclass

from ui.i18n import mark


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind of service is named: on a button, in a sentence and as a letter on the map."""

    label: str
    one: str
    letter: str


@dataclass(frozen=True, slots=True)
class ModeWords:
    """How a mode of travel is named: on a button and after "within 10 minutes"."""

    label: str
    travelling: str


KINDS = {
    "gp": KindWords(mark("GP"), mark("a GP"), mark("letter|G")),
    "pharmacy": KindWords(mark("Pharmacy"), mark("a pharmacy"), mark("letter|P")),
    "supermarket": KindWords(mark("Supermarket"), mark("a supermarket"), mark("letter|S")),
    "convenience": KindWords(mark("Convenience store"), mark("a convenience store"), mark("letter|C")),
    "primary_school": KindWords(mark("Primary school"), mark("a primary school"), mark("letter|E")),
    "village_hall": KindWords(mark("Village hall"), mark("a village hall"), mark("letter|V")),
    "library": KindWords(mark("Library"), mark("a library"), mark("letter|L")),
    "post": KindWords(mark("Post and parcels"), mark("a post or parcel point"), mark("letter|M")),
    "bank": KindWords(mark("Bank"), mark("a bank or cash machine"), mark("letter|€")),
    "dentist": KindWords(mark("Dentist"), mark("a dentist"), mark("letter|D")),
    "physiotherapist": KindWords(mark("Physiotherapist"), mark("a physiotherapist"), mark("letter|F")),
    "care_home": KindWords(mark("Care home"), mark("a care home"), mark("letter|N")),
    "hub": KindWords(mark("Village hub"), mark("a village hub"), mark("letter|H")),
}
NOT_FOR_HUBS = ("hub", "village_hall", "primary_school", "care_home")
"""Kinds that a hub does not offer: itself, and what is a building of its own."""

MODES = {
    "walk": ModeWords(mark("On foot"), mark("on foot")),
    "bike": ModeWords(mark("Bike"), mark("by bike")),
    "ebike": ModeWords(mark("E-bike"), mark("by e-bike")),
    "car": ModeWords(mark("Car"), mark("by car")),
    "transit": ModeWords(mark("Bus and train"), mark("by bus or train")),
    "bike_transit": ModeWords(mark("Bike and bus"), mark("by bike and bus")),
}
TIMETABLE_MODES = ("transit", "bike_transit")

LAYERS = {
    "places": mark("Places and inhabitants"),
    "population": mark("Population grid"),
    "facilities": mark("Services"),
    "streets": mark("Streets and paths"),
    "timetable": mark("Timetable"),
    "outlines": mark("Municipal outlines"),
}

ORIGINS = {"observed": mark("observed"), "modelled": mark("modelled")}
ACTIONS = {
    "kept": mark("kept as it was"),
    "assumed": mark("assumed"),
    "repaired": mark("repaired"),
    "dropped": mark("left out"),
}

REASONS = (
    mark("no facility of this kind"),
    mark("no street within reach"),
    mark("no connection in at least half of the departures"),
    mark("no way over the streets"),
)
"""What the travel times give as reason for a place that is not reached."""

STEPS = (
    mark("reading the facts"),
    mark("settling the inhabitants"),
    mark("drawing streets"),
    mark("writing streets"),
    mark("writing the timetable"),
    mark("reading the layers"),
    mark("streets to network"),
    mark("walks between stops"),
    mark("region ready"),
)
"""Steps of building a region, as its progress calls them."""
