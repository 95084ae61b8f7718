"""Everything that can go wrong and that a user can mend.

The tree::

    DorpshubError            say what is wrong, where, and what to do
    ├── InputError           a file, row or option that cannot be used as it is
    │   └── RegionError      a region folder or its region.toml
    └── ScenarioError        a scenario or one of its edits
"""


class DorpshubError(Exception):
    """A mistake in the input that the user can mend; its message is shown as it is."""


class InputError(DorpshubError):
    """A file, a row of a file or an option cannot be used as it is."""


class RegionError(InputError):
    """A region is unknown, incomplete or contradicts itself."""


class ScenarioError(DorpshubError):
    """A scenario or one of its edits does not fit the region."""
