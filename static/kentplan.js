// What pages gain with JavaScript; every page works without this file.

// An error summary takes the focus, so that a screen reader begins with it.
document.querySelector("[data-error-summary]")?.focus();

// A form is sent once, however often its button is pressed; coming back to the page makes it ready again.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});

// A list that was filtered says how many rows it has now.
document.addEventListener("htmx:after:swap", () => {
  const status = document.querySelector("[data-list-status]");
  if (status) status.textContent = document.querySelector("[data-list-count]")?.textContent ?? "";
});

// Figures are shown with a true minus, which no spreadsheet reads as one: they are copied with the hyphen that it does.
document.addEventListener("copy", (event) => {
  const selection = document.getSelection();
  if (event.target.closest?.("input, textarea") || !selection?.rangeCount || !selection.toString().includes("−")) return;
  const range = selection.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const inTable = (around.closest ? around : around.parentElement).closest("table");
  const copied = document.createElement(inTable ? "table" : "div");
  copied.append(range.cloneContents());
  event.clipboardData.setData("text/plain", selection.toString().replaceAll("−", "-"));
  event.clipboardData.setData("text/html", copied.outerHTML.replaceAll("−", "-"));
  event.preventDefault();
});
