// Copy buttons. Everything else works without a script, and so does this: the text can be selected.
"use strict";

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
