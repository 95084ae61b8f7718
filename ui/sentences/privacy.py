"""The sentences of the page about privacy: what is kept, where and for how long, and who else hears of a visit."""

from __future__ import annotations

from ui.words.i18n import mark

SHORT = mark(
    "You do not log in, nobody follows what you do, and no other site is told of your visit unless you ask for it yourself."
)
ON_THE_SERVER = (
    mark(
        "What you choose and try out: in the memory of the server, until a few minutes after you close the page. It also stands in "
        "the link at the top of your browser, so whoever gets that link from you sees it too."
    ),
    mark(
        "Scenarios that you keep in the library: name, note, author, changes and time. Everybody who uses this installation can "
        "read them, so write nothing private in them. They stay until whoever manages this installation removes them; a scenario "
        "that you delete is hidden at once, and you alone can bring it back."
    ),
    mark(
        "Files of your own: only who has the link of your region can open it. A region that nobody has opened for half a year is "
        "removed."
    ),
    mark(
        "No log of your visit by this app. A server that stands in front of it may keep one, with your internet address: ask whoever "
        "manages this installation."
    ),
)
IN_YOUR_BROWSER = (
    mark(
        "Keys of the scenarios that you kept: they show that a scenario is yours. They stay until you forget them, with the button "
        "below, or clear the data of this site."
    ),
    mark("Where you looked on the map, and whether the background map is on: until you close the window."),
    mark(
        "One cookie (_streamlit_xsrf) that keeps other sites from acting in your name. It says nothing about you and is gone when you "
        "close the browser. No permission is needed for it."
    ),
)
BY_OTHERS = (
    mark(
        "The background map: only if you switch it on, your browser asks {server} for pictures. That server then sees your "
        "internet address and which piece of the map you look at."
    ),
    mark(
        "A mistake that you report: the button opens your own e-mail program, and you send the message yourself."
    ),
)
KEYS = mark(
    "The keys of your scenarios are on this computer. Is it not yours alone? Then forget them when you are done. Your scenarios stay "
    "in the library, but only with an owner's link can you change or delete them again."
)
NO_KEYS = mark("This browser keeps no keys.")
FORGOTTEN = mark("The keys are forgotten. As long as this page is open you can bring them back.")
