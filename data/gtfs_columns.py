"""Which columns of which GTFS tables the timetable uses, and which of them are numbers."""

REQUIRED = {
    "agency": (),
    "stops": ("stop_id", "stop_lat", "stop_lon"),
    "routes": ("route_id", "route_type"),
    "trips": ("trip_id", "route_id", "service_id"),
    "stop_times": ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"),
    "calendar": (
        "service_id",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "start_date",
        "end_date",
    ),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
    "transfers": ("from_stop_id", "to_stop_id", "transfer_type"),
}
"""Per table the columns without which it cannot be used."""

OPTIONAL = {
    "agency": ("agency_id", "agency_name", "agency_timezone"),
    "stops": ("stop_name", "location_type", "parent_station"),
    "routes": (
        "agency_id",
        "route_short_name",
        "route_long_name",
        "continuous_pickup",
        "continuous_drop_off",
    ),
    "trips": ("trip_headsign", "block_id", "bikes_allowed"),
    "stop_times": (
        "pickup_type",
        "drop_off_type",
        "shape_dist_traveled",
        "continuous_pickup",
        "continuous_drop_off",
    ),
    "calendar": (),
    "calendar_dates": (),
    "frequencies": ("exact_times",),
    "transfers": ("min_transfer_time", "from_trip_id", "to_trip_id", "from_route_id", "to_route_id"),
}
"""Per table the further columns that are used; blank where a feed lacks them."""

NUMBERS = frozenset(
    {
        "stop_lat",
        "stop_lon",
        "location_type",
        "route_type",
        "stop_sequence",
        "pickup_type",
        "drop_off_type",
        "shape_dist_traveled",
        "continuous_pickup",
        "continuous_drop_off",
        *REQUIRED["calendar"][1:8],
        "exception_type",
        "headway_secs",
        "bikes_allowed",
        "exact_times",
        "transfer_type",
        "min_transfer_time",
    }
)
"""Columns read as float64, nan where blank; all others are text without surrounding spaces, <NA> where blank."""

STAGED_NAMES = {"headway_secs": "headway", "min_transfer_time": "min_transfer"}
"""Columns that gtfs-kit would read as 16-bit numbers (at most 9 hours) get a name it does not know."""
