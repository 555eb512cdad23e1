"use strict";
// Everything a model or a person says is put on the page as text, never as markup.
const find = (id) => document.getElementById(id);
const messages = [];
let running = null;
let key = sessionStorage.getItem("augmentor-key") || "";
let keeps = false;

const headers = () => ({ "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) });

function turn(role, text) {
  find("empty").hidden = true;
  const box = document.createElement("article");
  box.className = `turn ${role}`;
  const who = document.createElement("p");
  who.className = "who";
  who.textContent = { user: "You", assistant: find("model").value, error: "Not answered" }[role];
  const said = document.createElement("p");
  said.className = "said";
  said.textContent = text;
  box.append(who, said);
  find("talk").append(box);
  scrollDown(true);
  return { box, said };
}

function scrollDown(always) {
  const talk = find("talk");
  if (always || talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120) talk.scrollTop = talk.scrollHeight;
}

async function problem(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return `The server answered ${response.status}.`;
  }
}

async function loadModels(preferred) {
  const response = await fetch("/v1/models", { headers: headers() });
  find("unlock").hidden = response.status !== 401;
  if (response.status === 401) find("key").focus();
  if (!response.ok) return;
  const options = (await response.json()).data.map((model) => new Option(model.id, model.id, false, model.id === preferred));
  find("model").replaceChildren(...options);
}

async function* pieces(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith("data: ") && line !== "data: [DONE]") yield JSON.parse(line.slice(6));
    }
  }
}

async function ask(text) {
  messages.push({ role: "user", content: text });
  turn("user", text);
  const reply = turn("assistant", "");
  reply.box.classList.add("waiting");
  running = new AbortController();
  busy(true);
  let written = "";
  let failed = "";
  try {
    const body = { model: find("model").value, messages, stream: true, temperature: 0, max_tokens: 512, store: keeps && !find("private").checked };
    const response = await fetch("/v1/chat/completions", { method: "POST", headers: headers(), body: JSON.stringify(body), signal: running.signal });
    if (!response.ok) {
      failed = await problem(response);
      if (response.status === 401) await loadModels();
    } else {
      for await (const piece of pieces(response)) {
        if (piece.error) failed = piece.error.message;
        written += piece.choices?.[0]?.delta?.content || "";
        reply.said.textContent = written;
        scrollDown(false);
      }
    }
  } catch (error) {
    if (error.name !== "AbortError") failed = "The server cannot be reached.";
  }
  reply.box.classList.remove("waiting");
  running = null;
  busy(false);
  if (written) {
    messages.push({ role: "assistant", content: written });
  } else {
    reply.box.remove();
    messages.pop(); // the next question is not to follow one without an answer
  }
  if (failed) turn("error", failed);
  find("text").focus();
}

function busy(yes) {
  find("send").hidden = yes;
  find("stop").hidden = !yes;
  find("model").disabled = yes;
}

find("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = find("text").value.trim();
  if (!text || running) return;
  find("text").value = "";
  ask(text);
});
find("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    find("ask").requestSubmit();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
});
find("stop").addEventListener("click", () => running?.abort());
find("new").addEventListener("click", () => {
  running?.abort();
  messages.length = 0;
  for (const box of document.querySelectorAll(".turn")) box.remove();
  find("empty").hidden = false;
  find("text").focus();
});
find("unlock").addEventListener("submit", async (event) => {
  event.preventDefault();
  key = find("key").value.trim();
  sessionStorage.setItem("augmentor-key", key);
  await loadModels();
  find("text").focus();
});

(async () => {
  const settings = await (await fetch("/page.json")).json();
  document.title = settings.model;
  keeps = settings.consent !== null;
  if (keeps) {
    find("consent-text").textContent = settings.consent;
    find("consent").hidden = false;
  }
  await loadModels(settings.model);
  if (find("unlock").hidden) find("text").focus();
})();
