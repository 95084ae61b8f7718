"""How the site of the documentation is made: `make docs`, without a network, every warning an error."""

from __future__ import annotations

import re
import sys
import tomllib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils.nodes import SkipNode
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DUTCH = "nl/"
FROM_OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source)[^>]+src=["']?https?:|<link[^>]+rel=["']?(?:stylesheet|preload|icon)[^>]+href=["']?https?:"""
)

project = "dorpshub"
author = "the dorpshub contributors"
project_copyright = author
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"].get("version", "")
extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "sphinx_click"]

html_theme = "furo"
html_title = f"dorpshub {release}".strip()
html_static_path = ["style"]
html_css_files = ["site.css"]
html_logo = "../ui/widgets/logo.svg"
html_favicon = html_logo
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_math_renderer = "mathml"

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # `notebooks.py` has run them, and held what they say beside what is kept
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 88
numpydoc_show_class_members = False


def _formula(node: Element, *, as_block: bool) -> str:
    """MathML of a formula; one that cannot be read is a warning with its page and line, and stays as it is written."""
    try:
        return str(tex2mathml(node.astext(), as_block=as_block))
    except MathError as error:
        logging.getLogger(__name__).warning("%s: %s", node.astext(), error, location=node)
        return escape(node.astext())


def _inline(translator: HTML5Translator, node: Element) -> None:
    translator.body.append(_formula(node, as_block=False))
    raise SkipNode


def _block(translator: HTML5Translator, node: Element) -> None:
    translator.body.append(_formula(node, as_block=True))
    raise SkipNode


def _language(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Say of a Dutch page that it is in Dutch, so that it is read aloud as such."""
    if page.startswith(DUTCH):
        context["language"] = "nl"


def _nothing_from_outside(app: Sphinx, error: Exception | None) -> None:
    """Warn of each page that would ask another host for something."""
    if error:
        return
    for page in sorted(Path(app.outdir).rglob("*.html")):
        for found in FROM_OUTSIDE.finditer(page.read_text(encoding="utf-8")):
            logging.getLogger(__name__).warning("%s asks another host: %s", page, found[0])


def setup(app: Sphinx) -> None:
    """Hand Sphinx what is ours: formulas as MathML, Dutch pages, and a look at what the pages ask for."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("html-page-context", _language)
    app.connect("build-finished", _nothing_from_outside)
