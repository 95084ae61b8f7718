// Copies the link of the page; every word comes from Python.
for (const button of document.querySelectorAll(".dh-copy")) {
  if (button.dataset.ready) continue;
  button.dataset.ready = "yes";
  const { copy, copied } = button.dataset;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      // Without a secure connection the browser keeps its clipboard closed; the older way still works.
      const field = Object.assign(document.createElement("textarea"), { value: location.href });
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
