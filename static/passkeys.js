// Passkeys need JavaScript: their buttons are hidden without it. What goes wrong is said in words beside the button.
for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.querySelector("[data-passkey-error]");
  const name = event.detail.exception?.name;
  const words = {
    InvalidStateError: "This device already has a passkey for this account.",
    NotAllowedError: "The passkey was not used: it was cancelled, took too long, or is not known here. Try again.",
    SecurityError: "Passkeys do not work at this address of the portal.",
    NotSupportedError: "This browser or device cannot make such a passkey.",
  };
  said.textContent = words[name] ?? "The passkey could not be used. Try again, or sign in another way.";
  said.hidden = false;
});
