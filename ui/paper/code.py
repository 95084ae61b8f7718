"""A link as a square code (QR) that a phone reads from paper."""

from __future__ import annotations

from data.extras import of_extra

QUIET = 4
"""Empty modules around a code, as ISO/IEC 18004 asks."""


def square_code(address: str) -> str:
    """Draw an address as SVG; "" where it is longer than a code holds (some 2,900 characters).

    Raises
    ------
    InputError
        When the extra "paper" is not installed.

    """
    with of_extra("paper"):
        import segno  # noqa: PLC0415 -- an extra

    try:
        code = segno.make_qr(address, error="l", boost_error=False)
    except segno.DataOverflowError:
        return ""
    return str(code.svg_inline(border=QUIET, omitsize=True, dark="#000", light="#fff"))
