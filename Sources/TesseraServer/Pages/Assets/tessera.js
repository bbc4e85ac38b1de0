// Copy buttons, and forms that are sent once. Everything works without a script: the text can be selected, and the server
// takes a form that makes something once.
"use strict";

// The answer to a second click would take the place of the one that shows the token.
for (const form of document.querySelectorAll("form:has(input[name=once])")) {
  let isSent = false;
  form.addEventListener("submit", event => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  // The browser may bring the page back as it was left.
  addEventListener("pageshow", () => { isSent = false; });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  const label = button.textContent;
  let reset;

  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(source);
    const message = done ? "Copied" : "Selected: press Ctrl+C";
    button.textContent = message;
    status.textContent = message;
    clearTimeout(reset);
    reset = setTimeout(() => {
      button.textContent = label;
      status.textContent = "";
    }, 4000);
  });
}

// The clipboard is offered only on https and on this machine itself; elsewhere the text is selected instead.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}
