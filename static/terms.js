// The "?" after a word is a link to the help page; here it becomes a button that says the sentence on the spot.
let made = 0;

function explain(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.setAttribute("aria-label", link.getAttribute("aria-label"));
  button.append(...link.childNodes);

  const box = document.createElement("div");
  box.id = `term-${++made}`;
  box.className = "kp-term__box";
  box.popover = "auto";
  const words = document.createElement("span");
  words.textContent = link.dataset.term;
  const more = document.createElement("a");
  more.href = link.href;
  more.textContent = "More in Help";
  box.append(words, " ", more);

  button.popoverTargetElement = box;
  box.addEventListener("toggle", (event) => {
    if (event.newState === "open") place(box, button);
  });
  link.replaceWith(button, box);
}

// Under the button, or above it where there is no room, and never beyond the window's sides.
function place(box, button) {
  const at = button.getBoundingClientRect();
  const room = document.documentElement.clientWidth - box.offsetWidth - 8;
  const below = at.bottom + 6;
  const above = at.top - box.offsetHeight - 6;
  const top = below + box.offsetHeight > window.innerHeight && above > 0 ? above : below;
  box.style.left = `${Math.max(8, Math.min(at.left - 12, room)) + window.scrollX}px`;
  box.style.top = `${top + window.scrollY}px`;
}

function upgrade() {
  for (const link of document.querySelectorAll("a[data-term]")) explain(link);
}

if ("popover" in HTMLElement.prototype && "popoverTargetElement" in HTMLButtonElement.prototype) {
  upgrade();
  document.addEventListener("htmx:after:swap", upgrade);
}
