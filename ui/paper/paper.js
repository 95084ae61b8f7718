// Printing and sharing of the page; every word comes from Python.
for (const box of document.querySelectorAll(".dh-paper")) {
  if (box.dataset.ready) continue;
  box.dataset.ready = "yes";
  const { print, copy, copied, printed } = box.dataset;
  box.addEventListener("click", async ({ target }) => {
    if (target.dataset.does === "print") window.print();
    if (target.dataset.does !== "copy") return;
    const link = target.dataset.link ?? location.href;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Without a secure connection the browser keeps its clipboard closed; the older way still works.
      const field = Object.assign(document.createElement("textarea"), { value: link });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      target.focus();
    }
    target.textContent = copied;
    setTimeout(() => (target.textContent = copy), 2500);
  });
  if (!printed) continue;
  addEventListener("beforeprint", () => {
    const day = new Date().toLocaleDateString(document.documentElement.lang);
    box.querySelector(".dh-printed").textContent = `${printed} ${day}. ${location.href}`;
  });
}
