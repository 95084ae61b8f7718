"""A PDF as a screen reader meets it: its tags in order with their alternatives, its title and language, and its words.

It reads what typst writes: objects one by one, streams under Flate, fonts with tables to Unicode.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
STRING = rb"\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)"
"""Text in parentheses, in which one more pair may stand."""


class Tag(NamedTuple):
    """One element of the tree of tags: how deep it lies, what it is, and its alternative text."""

    depth: int
    name: str
    alt: str


class Pdf:
    """A PDF that is read."""

    def __init__(self, content: bytes) -> None:
        found = re.finditer(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", content, re.DOTALL)
        self.objects = {int(each[1]): each[2] for each in found}
        (self.catalog,) = (of for of in self.objects.values() if of.startswith(b"<</Type/Catalog"))

    @property
    def language(self) -> str:
        """Language of the whole."""
        return self._string(self.catalog, b"/Lang")

    @property
    def title(self) -> str:
        """Title that a reader shows."""
        assert b"/DisplayDocTitle true" in self.catalog
        (info,) = (of for of in self.objects.values() if b"/CreationDate" in of and b"/Creator" in of)
        return self._string(info, b"/Title")

    @property
    def links(self) -> list[str]:
        """Addresses behind links."""
        return [self._string(of, b"/URI") for of in self.objects.values() if b"/S/URI" in of]

    @property
    def claims(self) -> str:
        """What it says to keep to, as XMP."""
        (found,) = (of for of in self.objects.values() if b"/Type/Metadata" in of)
        return found.decode("utf-8", "replace")

    def tags(self) -> list[Tag]:
        """All tags in reading order."""
        root = self.objects[self._references(self.catalog, rb"/StructTreeRoot (\d+) 0 R")[0]]
        return [tag for top in self._references(root, rb"/K\[(\d+) 0 R") for tag in self._below(top, 0)]

    def _below(self, number: int, depth: int) -> list[Tag]:
        element = self.objects[number]
        name = re.search(rb"/S/(\w+)", element)
        assert name
        inside = re.search(rb"/K\[(.*)\]", element, re.DOTALL)
        without = re.sub(rb"<<.*?>>", b"", inside[1]) if inside else b""
        children = [int(each) for each in re.findall(rb"(\d+) 0 R", without)]
        below = [tag for child in children for tag in self._below(child, depth + 1)]
        return [Tag(depth, name[1].decode(), self._string(element, b"/Alt")), *below]

    def text(self) -> str:
        """Words of all pages in reading order, without spaces and hyphens: where lines break is no matter of what is said."""
        pages = [of for of in self.objects.values() if re.match(rb"<</Type/Page\b(?!s)", of)]
        return squeezed("".join(self._of_page(page) for page in pages))

    def _of_page(self, page: bytes) -> str:
        resources = self.objects[self._references(page, rb"/Resources (\d+) 0 R")[0]]
        fonts = {
            name: self._unicode(int(number))
            for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources.partition(b"/Font")[2])
        }
        content = self._stream(self._references(page, rb"/Contents (\d+) 0 R")[0])
        # Text in parentheses after a name, such as a language, is not shown.
        said, font = [], b""
        for name, shown in re.findall(rb"/(f\d+) [\d.]+ Tf|(?<![A-Za-z])" + STRING, content, re.DOTALL):
            if name:
                font = name
                continue
            if not font:
                continue
            codes = _unescaped(shown)
            said.append("".join(fonts[font].get(codes[at : at + 2], "") for at in range(0, len(codes), 2)))
        return "".join(said)

    def _unicode(self, font: int) -> dict[bytes, str]:
        table = self._stream(self._references(self.objects[font], rb"/ToUnicode (\d+) 0 R")[0])
        found = {}
        for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", part):
                found[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
        assert b"beginbfrange" not in table
        return found

    def _stream(self, number: int) -> bytes:
        _, _, packed = self.objects[number].partition(b"stream\n")
        return zlib.decompressobj().decompress(packed)

    def _references(self, of: bytes, pattern: bytes) -> list[int]:
        return [int(each) for each in re.findall(pattern, of)]

    def _string(self, of: bytes, key: bytes) -> str:
        found = re.search(re.escape(key) + STRING, of, re.DOTALL)
        if found is None:
            return ""
        raw = _unescaped(found[1])
        return raw[2:].decode("utf-16-be") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def squeezed(text: str) -> str:
    """Text without spaces and hyphens."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def _unescaped(raw: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        after = found[1]
        return bytes([int(after, 8)]) if after[:1].isdigit() else ESCAPES.get(after, after)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, raw, flags=re.DOTALL)
