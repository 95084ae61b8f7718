"""Public transport: the event graph of a day, the sweep over it, and what departures of a window give."""
