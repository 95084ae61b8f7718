// Tables that scroll sideways on a phone must be reachable with the keyboard (WCAG 2.1.1); Streamlit's own are not.
if (!globalThis.dorpshubTables) {
  const reach = () => {
    for (const box of document.querySelectorAll('[data-testid="stTable"] div:has(> table)')) box.tabIndex = 0;
  };
  globalThis.dorpshubTables = new MutationObserver(reach);
  globalThis.dorpshubTables.observe(document.body, { childList: true, subtree: true });
  reach();
}
