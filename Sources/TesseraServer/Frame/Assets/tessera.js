// Copy buttons, forms that are sent once, and dates in the reader's own time zone. Everything works without a script: text
// can be selected, the server takes a form that makes something once, and dates are then those of UTC.
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

const dateField = document.getElementById("expires_on");
const zoneField = document.getElementById("time_zone");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (dateField && zoneField && zone) showDatesOf(zone);

function showDatesOf(zone) {
  const end = document.getElementById("expires-on-end");
  zoneField.value = zone;
  document.getElementById("expires-on-zone").textContent = ` (${zone})`;
  dateField.min = dayOf(new Date(dateField.dataset.now));
  if (dateField.dataset.latest) {
    const latest = new Date(dateField.dataset.latest);
    const last = new Date(latest.getFullYear(), latest.getMonth(), latest.getDate() - 1);
    dateField.max = dayOf(last);
  }
  const tell = () => {
    const [year, month, day] = dateField.value.split("-").map(Number);
    const instant = day ? new Date(year, month - 1, day + 1) : undefined;
    end.textContent = instant
      ? `It would expire on ${instant.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" })} `
        + `(${zone}), which is ${instant.toISOString().slice(0, 16).replace("T", ", ")} UTC.`
      : "";
  };
  dateField.addEventListener("input", tell);
  tell();
}

// As the value of a field for a date has it.
function dayOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
