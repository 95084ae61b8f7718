"""The app as `dorpshub app` serves it: what Streamlit runs for every visitor, and the server itself."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from data.errors import DorpshubError
from ui import server
from ui.headers import WithHeaders, headers
from ui.map.background import load_sources
from ui.map.served import routes
from ui.pages.care import page as care_page
from ui.pages.compare import page as compare_page
from ui.pages.data import page as data_page
from ui.pages.design import page as design_page
from ui.pages.placement import page as placement_page
from ui.pages.privacy import page as privacy_page
from ui.pages.statement import page as statement_page
from ui.pages.village import page as village_page
from ui.state import session
from ui.widgets import navigation, page_frame
from ui.words.i18n import plain

LOGO = str(Path(__file__).with_name("ui") / "widgets" / "logo.svg")


def main() -> None:
    """Choose the page and draw it; whatever goes wrong is said in words, never as a traceback."""
    st.set_page_config(page_title="Dorpshub", page_icon=LOGO, layout="wide")
    st.logo(LOGO, size="large")
    texts = session.first_texts()
    say = texts.say
    first = st.Page(village_page.page, title=say("My village"), url_path="", default=True)
    pages = [
        first,
        st.Page(compare_page.page, title=say("Compare"), url_path="vergelijk"),
        st.Page(design_page.page, title=say("Design"), url_path="ontwerp"),
        st.Page(placement_page.page, title=say("Where a hub?"), url_path="waar-een-hub"),
        st.Page(care_page.page, title=say("Home care rounds"), url_path="zorgrondes"),
        st.Page(data_page.page, title=say("About the data"), url_path="gegevens"),
    ]
    statement = st.Page(
        statement_page.page,
        title=say("Accessibility statement"),
        url_path="toegankelijkheid",
        visibility="hidden",
    )
    privacy = st.Page(privacy_page.page, title=say("Privacy"), url_path="privacy", visibility="hidden")
    # The address of the first page is that of the app; its name leads there as well. A copy of the link goes along:
    # Streamlit empties the one of the page before it reads what is given.
    name_of_first = st.Page(
        lambda: st.switch_page(first, query_params=st.query_params.to_dict()),
        title=say("My village"),
        url_path="mijn-dorp",
        visibility="hidden",
    )
    try:
        chosen = st.navigation([*pages, statement, privacy, name_of_first], position="top")
        redirect = session.take_redirect()
        for page in pages:
            if page.url_path == redirect and redirect:
                st.switch_page(page)
        navigation.names_of_pages(pages)
        chosen.run()
        navigation.footer((statement, privacy))
    except DorpshubError as error:
        st.error(plain(texts.say_data(str(error))))
    except Exception:
        logging.getLogger("dorpshub").exception("the page could not be drawn")
        st.error(
            say(
                "Something went wrong, and it is our mistake. Load the page again; what you made is in the link."
            )
        )


if __name__ == "__main__":
    main()  # for a visitor
elif __name__ != "__mp_main__":  # a process that a page starts runs this file too, and serves nothing
    if sys.argv and Path(sys.argv[0]).resolve() == Path(__file__).resolve():
        # `streamlit run` would let in everybody who can reach this machine, without the settings of the app.
        sys.exit("Start the app with `dorpshub app`, or `python -m dorpshub app`.")
    with_every_answer = headers(
        (page_frame.FRAME_SCRIPT, page_frame.COPY_SCRIPT), (source.tiles for source in load_sources())
    )
    app = st.App(
        __file__,
        routes=routes(),
        lifespan=server.announced,
        middleware=[Middleware(WithHeaders, headers=with_every_answer)],
    )
