// On a narrow screen a table scrolls sideways: the keyboard must be able to reach it.
globalThis.dorpshubTables ??= (() => {
  const reach = () => {
    for (const box of document.querySelectorAll('[data-testid="stTable"] :has(> table)')) box.tabIndex = 0;
  };
  const watch = new MutationObserver(reach);
  watch.observe(document.body, { childList: true, subtree: true });
  reach();
  return watch;
})();
