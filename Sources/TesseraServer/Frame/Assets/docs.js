// Search, and calls from the page. The token is kept in its field alone: never stored, never in an address.
"use strict";

const identity = document.getElementById("identity");
const tokenField = document.getElementById("token-field");
const token = document.getElementById("docs-token");
const tokenError = document.getElementById("docs-token-error");
// Where the service stands below its host: this file is at ROOT/assets/NAME.
const root = new URL("..", document.currentScript.src).pathname.slice(0, -1);
const csrf = document.querySelector("meta[name=csrf-token]")?.content;

const caller = () => identity.querySelector("[name=identity]:checked").value;

// MARK: As whom to call

identity.hidden = false;
identity.addEventListener("input", () => {
  tokenField.hidden = caller() !== "token";
  if (token.value) tokenError.textContent = "";
  for (const form of document.querySelectorAll("form.try")) showCommand(form);
});
// A page that is kept for the way back must not keep the token.
addEventListener("pagehide", () => { token.value = ""; });

// MARK: Search

const search = document.getElementById("docs-search");
const found = document.getElementById("docs-found");
const operations = [...document.querySelectorAll(".operation[data-operation]")];

search.parentElement.hidden = false;
search.addEventListener("input", filter);
addEventListener("keydown", event => {
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
});

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = new Set();
  for (const operation of operations) {
    if (words.every(word => operation.dataset.words.includes(word))) shown.add(operation.dataset.operation);
  }
  for (const element of document.querySelectorAll("[data-operation]")) {
    element.hidden = !shown.has(element.dataset.operation);
  }
  // A group without operations, such as that of the shapes, is there when nothing is looked for.
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = words.length > 0 && !group.querySelector("[data-operation]:not([hidden])");
  }
  found.textContent = words.length === 0 ? ""
    : shown.size === 0 ? `Nothing matches “${search.value.trim()}”.`
    : shown.size === 1 ? "1 operation" : `${shown.size} operations`;
}

// MARK: Calls

for (const form of document.querySelectorAll("form.try")) {
  form.hidden = false;
  form.addEventListener("input", () => showCommand(form));
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(form);
  });
  showCommand(form);
}

// What a form asks for: the target, and the body if there is one.
function readCall(form) {
  let path = form.dataset.path;
  const query = [];
  const headers = {};
  for (const field of form.querySelectorAll("[data-in]")) {
    if (field.dataset.in === "path") {
      const value = field.value ? encodeURIComponent(field.value) : field.name.toUpperCase();
      path = path.replace(`{${field.name}}`, () => value);
    } else if (field.dataset.in === "header") {
      if (field.value) headers[field.name] = field.value;
    } else if (field.value) {
      query.push(`${encodeURIComponent(field.name)}=${encodeURIComponent(field.value)}`);
    }
  }
  const body = form.querySelector("[data-type]");
  return {
    method: form.dataset.method,
    headers,
    target: query.length ? `${path}?${query.join("&")}` : path,
    type: body?.dataset.type,
    body: body?.value,
  };
}

// A command line never has the token itself in it, so that none gets into a shell's history.
function showCommand(form) {
  const call = readCall(form);
  const quoted = text => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const isKnown = form.dataset.access === "known" ? caller() !== "nobody"
    : form.dataset.access === "any" && caller() === "token" && token.value !== "";
  const parts = [
    `curl -i${call.method === "GET" ? "" : ` -X ${call.method}`} ${quoted(form.dataset.server + call.target)}`,
  ];
  if (isKnown) parts.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(call.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (call.body !== undefined) {
    parts.push(`-H ${quoted(`Content-Type: ${call.type}`)}`, `--data-raw ${quoted(call.body)}`);
  }
  const id = form.closest(".operation").dataset.operation;
  document.getElementById(`${id}-curl`).textContent = parts.join(" \\\n  ");
}

async function send(form) {
  const call = readCall(form);
  const headers = { ...call.headers, Accept: "application/json" };
  const value = token.value.trim();
  if (caller() === "token") {
    if (form.dataset.access === "known" && !value) return askForToken("Paste a token first.");
    if (/[^\x21-\x7e]/.test(value)) return askForToken("This is no token: it has spaces or other signs in it.");
    if (value) headers.Authorization = `Bearer ${value}`;
  } else if (caller() === "session" && call.method !== "GET") {
    headers["X-CSRF-Token"] = csrf;
  }
  if (call.body !== undefined) headers["Content-Type"] = call.type;

  const button = form.querySelector("button[type=submit]");
  const outcome = form.parentElement.querySelector(".outcome");
  const begun = performance.now();
  button.disabled = true;
  try {
    const answer = await fetch(root + call.target, {
      method: call.method,
      headers,
      body: call.body,
      // Only a session that was chosen goes along.
      credentials: caller() === "session" ? "same-origin" : "omit",
      cache: "no-store",
    });
    const text = await answer.text();
    show(outcome, answer, text, Math.round(performance.now() - begun));
  } catch (error) {
    outcome.replaceChildren(make("p", { className: "field-errors" }, `There was no answer: ${error.message}`));
  } finally {
    outcome.hidden = false;
    button.disabled = false;
  }
}

function askForToken(message) {
  tokenError.textContent = message;
  token.focus();
}

// MARK: Answers

const fieldsOfInterest = [
  "Content-Type", "Location", "Link", "WWW-Authenticate", "Allow", "Accept", "Retry-After", "ETag",
  "Tessera-Refusal", "Tessera-Token-Expires",
];

function show(outcome, answer, text, milliseconds) {
  const kind = answer.status < 300 ? "active" : answer.status < 400 ? "ended" : answer.status < 500 ? "soon" : "revoked";
  const fields = make("dl", { className: "sheet" });
  for (const name of fieldsOfInterest) {
    const value = answer.headers.get(name);
    if (value === null) continue;
    const isRefusal = name === "Tessera-Refusal";
    fields.append(
      make("dt", {}, name),
      make("dd", {}, isRefusal ? make("a", { href: `${root}/refusals/${encodeURIComponent(value)}` }, value) : make("code", {}, value)),
    );
  }
  outcome.replaceChildren(
    make("p", { className: "outcome-head" },
      make("span", { className: `chip chip-${kind}` }, `${answer.status} ${answer.statusText}`),
      make("span", { className: "muted" }, `${milliseconds} ms`)),
    fields,
  );
  if (text) {
    const body = make("pre", { className: "example", tabIndex: 0 }, make("code", {}, pretty(answer, text)));
    body.setAttribute("role", "group");
    body.setAttribute("aria-label", "Body of the answer");
    outcome.append(body);
  }
}

function pretty(answer, text) {
  if (!/[/+]json/.test(answer.headers.get("Content-Type") ?? "")) return text;
  // Numbers that JavaScript cannot hold would be shown wrong.
  if (/\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function make(name, properties, ...content) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...content);
  return element;
}
