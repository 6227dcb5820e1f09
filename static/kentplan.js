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
