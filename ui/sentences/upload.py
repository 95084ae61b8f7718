"""What is said about files of one's own: what they must hold, what was found, and what is wrong with them."""

from __future__ import annotations

from data.files.faults import Fault
from data.own.adding import BOTH_COUNT
from data.own.timetable import Days
from ui.views.upload import Compared, LayerView
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS

LAYER_NEEDS = {
    "facilities": mark(
        "A table with one row for each service: CSV as a spreadsheet saves it, GeoJSON or Parquet. It must have the columns "
        "kind, name, lon and lat (degrees; or x and y in metres). It may have id, units (size), opening_hours and origin "
        "(observed or modelled)."
    ),
    "places": mark(
        "A table with one row for each village: CSV as a spreadsheet saves it, GeoJSON or Parquet. It must have the columns "
        "name, lon and lat (degrees; or x and y in metres) and inhabitants, in all or in four columns by age. It may have id, "
        "municipality, kind (village, town, hamlet), in_region (true or false) and origin (observed or modelled)."
    ),
    "timetable": mark(
        "One or more timetables in GTFS: the .zip as the transport company or the national timetable publishes it, with "
        "stops.txt, routes.txt, trips.txt, stop_times.txt and the days in calendar.txt or calendar_dates.txt."
    ),
    "streets": mark(
        "A map of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2, as Geofabrik or BBBike publishes it. It must cover the whole "
        "region and what lies around it, and have ways with the tag highway."
    ),
}
WAYS = {
    "replace": mark("Replace"),
    "add": mark("Add"),
}
WAY_MEANS = {
    "replace": mark(
        "Your file takes the place of all that the region has of this. What is not in it, is gone."
    ),
    "add": mark(
        "Your file comes beside what the region has: nothing goes. What stands in both counts twice; the report names what lies "
        "close together."
    ),
}
COUNT_WORDS = {
    "services": mark("Services"),
    "places": mark("Places in the region"),
    "inhabitants": mark("Inhabitants"),
    "lines": mark("Lines"),
    "stops": mark("Stops"),
    "trips": mark("Trips on the service day"),
    "junctions": mark("Junctions"),
    "kilometres": mark("Kilometres of streets and paths"),
}
FAULTS = {
    "empty": mark("{file} is empty. Choose a file with at least one row below the names of the columns."),
    "other kind": mark("{file} is {found}, and that cannot be used here. {advice}"),
    "damaged": mark("{file} is damaged or incomplete. Save or download it again, and choose it once more."),
    "columns": mark(
        "{file} lacks the columns {missing}. It has {found}. Give the columns the names of the example."
    ),
    "rows": mark(
        "Some rows of {file} cannot be used. The details name the lines: mend them, and choose the file again."
    ),
    "unknown kinds": mark(
        "{file} has only kinds of service that are not known here, such as {found}. Use the words of the example in the column kind."
    ),
    "elsewhere": mark(
        "{file} is of another area: its middle is at {where} (lat, lon). Choose a file of this region."
    ),
    "swapped": mark(
        "In {file} the columns lon and lat are swapped. Exchange their names, and choose the file again."
    ),
    "not gtfs": mark("{file} is a zip file, but no timetable in GTFS: it lacks {missing}. {advice}"),
    "no service": mark(
        "{file} has no trips on {day}. It runs from {first} to {last}. Take a day within those, for example {usual}."
    ),
    "no trip here": mark(
        "{file} has no trip that calls in this region. Choose the timetable of this region."
    ),
    "too small": mark(
        "{file} does not cover the region: {n} of the {total} places or services lie far outside it. Choose a larger map."
    ),
    "unusable": mark("{file} cannot be used. The details say why."),
}
ADVICE = {
    "facilities": mark("Save the table as CSV, and choose that file."),
    "places": mark("Save the table as CSV, and choose that file."),
    "timetable": mark("Choose the .zip of the timetable itself."),
    "streets": mark("Choose a map file that ends in .osm.pbf, .osm, .osm.gz or .osm.bz2."),
}
CONTENTS = {
    "a PDF": mark("a PDF"),
    "a picture": mark("a picture"),
    "an old Excel or Word file": mark("an old Excel or Word file"),
    "a web page": mark("a web page"),
    "a GeoPackage or database": mark("a GeoPackage or database"),
    "a Parquet table": mark("a Parquet table"),
    "a packed file": mark("a packed file"),
    "an OpenStreetMap file": mark("an OpenStreetMap file"),
    "an Excel file": mark("an Excel file"),
    "a Word or PowerPoint file": mark("a Word or PowerPoint file"),
    "a zip file": mark("a zip file"),
    "a damaged zip file": mark("a damaged zip file"),
    "JSON": mark("JSON"),
    "text": mark("text"),
    "an unknown kind of file": mark("an unknown kind of file"),
}


def fault_sentence(fault: Fault, layer: str, days: Days | None, day: str, texts: Texts) -> str:
    """Which file, what is wrong, and what to do."""
    blanks = dict(fault.blanks) | {"file": fault.name, "advice": texts.say(ADVICE[layer]), "day": day}
    if fault.kind == "other kind":
        blanks["found"] = texts.say(CONTENTS[fault.blanks["found"]])
    if fault.kind == "too small":
        blanks |= {name: texts.number(int(fault.blanks[name])) for name in ("n", "total")}
    if days is not None:
        named = {"first": days.first, "last": days.last, "usual": days.usual}
        blanks |= {name: texts.date_of_source(of.isoformat()) for name, of in named.items()}
        blanks["usual"] = texts.day(days.usual)
    return texts.say(FAULTS[fault.kind]).format(**blanks)


def meaning(view: LayerView, day: str, texts: Texts) -> tuple[str, ...]:
    """What was read, and what it means for the region, in sentences."""
    sentences = [_read(view, day, texts)]
    if view.added:
        sentences += _beside(view, texts)
    if view.dropped:
        sentence = texts.plural(
            "{count} of the {total} rows is left out, for the reason in the table.",
            "{count} of the {total} rows are left out, for the reasons in the table.",
            view.dropped,
        )
        sentences.append(sentence.format(count=texts.number(view.dropped), total=texts.number(view.read)))
    if view.missing_kinds:
        kinds = tuple(texts.say(KINDS[kind].label).lower() for kind in view.missing_kinds)
        sentences.append(
            texts.say(
                "Your file has no {kinds}, and the region has now: with your data nobody reaches one."
            ).format(kinds=texts.sentence_list(kinds))
        )
    if view.without_cells:
        sentences.append(
            texts.say(
                "The cells of 100 m of the region do not fit your places: everybody counts at the middle of the place, and later years are not known."
            )
        )
    return tuple(sentences)


def _beside(view: LayerView, texts: Texts) -> list[str]:
    """That the files are added, and of which kinds of service there are more then."""
    sentences = [texts.say("This comes beside what the region has.")]
    kinds = tuple(
        f"{texts.say(KINDS[what].label).lower()} ({texts.number(count)})"
        for what, count in view.added
        if what in KINDS and count
    )
    if kinds:
        sentences.append(texts.say("In addition: {kinds}.").format(kinds=texts.sentence_list(kinds)))
    twice = [one for one in view.report.findings if one.action == "kept" and one.what.endswith(BOTH_COUNT)]
    if twice:
        n_twice = sum(one.count for one in twice)
        sentence = texts.plural(
            "{count} may be there already, and then counts twice: see what was met.",
            "{count} may be there already, and then count twice: see what was met.",
            n_twice,
        )
        sentences.append(sentence.format(count=texts.number(n_twice)))
    return sentences


def _read(view: LayerView, day: str, texts: Texts) -> str:
    of = dict(view.added) or {one.what: one.after for one in view.counts}
    match view.layer:
        case "facilities":
            n_kinds = sum(count > 0 for count in of.values()) - 1
            services = texts.plural("{count} service", "{count} services", of["services"])
            kinds = texts.plural("{count} kind", "{count} kinds", n_kinds)
            return texts.say("Read: {services} of {kinds}.").format(
                services=services.format(count=texts.number(of["services"])),
                kinds=kinds.format(count=texts.number(n_kinds)),
            )
        case "places":
            places = texts.plural("{count} place", "{count} places", of["places"])
            return texts.say("Read: {places} with {inhabitants} inhabitants together.").format(
                places=places.format(count=texts.number(of["places"])),
                inhabitants=texts.number(of["inhabitants"]),
            )
        case "timetable":
            trips = texts.plural("{count} trip", "{count} trips", of["trips"])
            lines = texts.plural("{count} line", "{count} lines", of["lines"])
            return texts.say("Read: {trips} of {lines} on {day}, along {stops} stops.").format(
                trips=trips.format(count=texts.number(of["trips"])),
                lines=lines.format(count=texts.number(of["lines"])),
                day=day,
                stops=texts.number(of["stops"]),
            )
        case _:
            return texts.say("Read: {junctions} junctions and {kilometres} km of streets and paths.").format(
                junctions=texts.number(of["junctions"]), kilometres=texts.number(of["kilometres"])
            )


def count_name(one: Compared, texts: Texts) -> str:
    """What is counted, in words."""
    if one.what in COUNT_WORDS:
        return texts.say(COUNT_WORDS[one.what])
    return texts.say(KINDS[one.what].label) if one.what in KINDS else one.what
