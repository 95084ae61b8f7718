// Copies a link, that of the page where none is given; every word comes from Python.
for (const button of document.querySelectorAll(".dh-copy")) {
  if (button.dataset.ready) continue;
  button.dataset.ready = "yes";
  const { copy, copied } = button.dataset;
  button.addEventListener("click", async () => {
    const link = button.dataset.link || location.href;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      // Without a secure connection the browser keeps its clipboard closed; the older way still works.
      const field = Object.assign(document.createElement("textarea"), { value: link });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2500);
  });
}
