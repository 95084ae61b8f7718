// The language of the text is marked for screen readers and for the browser's own translation.
document.documentElement.lang = document.querySelector("[data-page-language]").dataset.pageLanguage;
// What the frame of every page does in the browser; set up once.
if (!globalThis.dorpshubFrame) {
  const root = document.documentElement;
  const follow = () => {
    // Tables that scroll sideways on a phone must be reachable with the keyboard (WCAG 2.1.1); Streamlit's own are not.
    for (const box of document.querySelectorAll('[data-testid="stTable"] div:has(> table)')) box.tabIndex = 0;
    const isOpen = String(root.classList.contains("dorpshub-open"));
    for (const opener of document.querySelectorAll(".dh-opener"))
      if (opener.getAttribute("aria-expanded") !== isOpen) opener.setAttribute("aria-expanded", isOpen);
  };
  // The line of a phone that opens the choices: they stay open until it is pressed again, whatever is drawn anew.
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.(".dh-opener")) return;
    root.classList.toggle("dorpshub-open");
    follow();
  });
  globalThis.dorpshubFrame = new MutationObserver(follow);
  globalThis.dorpshubFrame.observe(document.body, { childList: true, subtree: true });
  follow();
}
