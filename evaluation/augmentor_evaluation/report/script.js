"use strict";
// Progressive enhancement only: all that matters is in the page without this. Text from data is set by textContent, never as markup.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const PAGE = 15;
  const MINUS = "\u2212";

  const element = (name, options = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(options)) {
      if (key === "class") made.className = value;
      else if (key === "text") made.textContent = value;
      else if (value !== null) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  const say = (words) => {
    const live = $("#live");
    live.textContent = words;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { live.textContent = ""; }, 1600);
  };

  const signed = (value, digits) => {
    if (value === null) return "\u2013";
    const text = Math.abs(value).toFixed(digits);
    if (!/[1-9]/.test(text)) return text;
    return (value < 0 ? MINUS : "+") + text;
  };

  // --- word diff: the same rules as on the server ------------------------------------------------------------------

  const words = (text) => text.match(/\s+|[^\s]+\s*/g) || [];

  const wordDiff = (before, after) => {
    const a = words(before), b = words(after), n = a.length, m = b.length;
    if (Math.max(n, m) > 400) return [["same", after]];
    const x = a.map((word) => word.trim()), y = b.map((word) => word.trim());
    const table = Array.from({ length: n + 1 }, () => new Uint16Array(m + 1));
    for (let i = n - 1; i >= 0; i--)
      for (let j = m - 1; j >= 0; j--)
        table[i][j] = x[i] === y[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    if (n + m && (2 * table[0][0]) / (n + m) < 0.3) return [["same", after]];
    const pieces = [];
    let gone = "", come = "", i = 0, j = 0;
    const flush = () => {
      if (gone) pieces.push(["del", gone]);
      if (come) pieces.push(["ins", come]);
      gone = come = "";
    };
    while (i < n || j < m) {
      if (i < n && j < m && x[i] === y[j]) {
        let length = 1;
        while (i + length < n && j + length < m && x[i + length] === y[j + length]) length++;
        const island = (gone || come) && length === 1 && y[j].length < 3 && j + 1 < m;
        if (island) { gone += a[i]; come += b[j]; }
        else { flush(); pieces.push(["same", b.slice(j, j + length).join("")]); }
        i += length;
        j += length;
      } else if (j >= m || (i < n && table[i + 1][j] >= table[i][j + 1])) gone += a[i++];
      else come += b[j++];
    }
    flush();
    return pieces;
  };

  const diffed = (before, after) => {
    const said = element("p", { class: "said", dir: "auto" });
    wordDiff(before, after).forEach(([kind, whole], index, pieces) => {
      const text = whole.trimEnd();
      said.append(kind === "same" ? text : element(kind, { text }), whole.slice(text.length) || (index + 1 < pieces.length ? " " : ""));
    });
    return said;
  };

  // --- state in the address: #answers?q=refund&open=17 ------------------------------------------------------------

  const readHash = () => {
    const [anchor, query = ""] = location.hash.slice(1).split("?");
    return { anchor, state: Object.fromEntries(new URLSearchParams(query)) };
  };

  const writeHash = (anchor, state) => {
    const known = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined);
    history.replaceState(null, "", `#${anchor}${known.length ? `?${new URLSearchParams(known)}` : ""}`);
  };

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); }
    catch {
      const field = element("textarea", { class: "unseen" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    say("Copied");
  };

  // --- a list to search, filter, sort and walk through -------------------------------------------------------------

  const explorer = (host, anchor, { items, key, haystack, keep, order, summary, detail, noun }) => {
    const form = $("form", host), list = $(".rows", host), count = $(".count", host), more = $(".more", host);
    let found = [], shown = 0, open = "";

    const state = () => ({ ...Object.fromEntries(new FormData(form)), open });
    const remember = () => writeHash(anchor, state());

    const toggle = (button, item, on) => {
      const panel = button.parentElement.lastElementChild;
      button.setAttribute("aria-expanded", String(on));
      panel.hidden = !on;
      if (on && !panel.firstChild) {
        panel.append(...detail(item, state()));
        const link = element("button", { type: "button", class: "copy", text: "Copy link to this row" });
        link.addEventListener("click", () => {
          open = key(item);
          remember();
          copy(location.href);
        });
        panel.append(link);
      }
    };

    const draw = () => {
      const part = document.createDocumentFragment();
      for (const item of found.slice(shown, shown + PAGE)) {
        const button = element("button", { type: "button", class: "row", "aria-expanded": "false" }, ...summary(item));
        const panel = element("div", { class: "detail" });
        panel.hidden = true;
        button.addEventListener("click", () => {
          const on = button.getAttribute("aria-expanded") !== "true";
          toggle(button, item, on);
          open = on ? key(item) : "";
          remember();
        });
        part.append(element("li", {}, button, panel));
      }
      list.append(part);
      shown = Math.min(found.length, shown + PAGE);
      more.hidden = shown >= found.length;
      more.textContent = `Show ${Math.min(PAGE, found.length - shown).toLocaleString("en")} more`;
    };

    const update = () => {
      const now = state();
      const wanted = (now.q || "").toLowerCase().split(/\s+/).filter(Boolean);
      found = items.filter((item) => keep(item, now) && (!wanted.length || ((text) => wanted.every((word) => text.includes(word)))(haystack(item))));
      order(found, now);
      shown = 0;
      list.replaceChildren();
      draw();
      count.textContent = found.length
        ? `${found.length.toLocaleString("en")} of ${items.length.toLocaleString("en")} ${noun}`
        : `No ${noun} match. Take a word or a filter away.`;
    };

    const restore = (wanted, jump) => {
      for (const field of form.elements) if (field.name) field.value = wanted[field.name] ?? "";
      for (const field of form.elements) if (field.tagName === "SELECT" && field.selectedIndex < 0) field.value = "";
      open = wanted.open ?? "";
      update();
      const index = open === "" ? -1 : found.findIndex((item) => key(item) === open);
      while (index >= shown) draw();
      if (index >= 0) {
        const button = list.children[index].firstElementChild;
        toggle(button, found[index], true);
        if (jump) {
          button.scrollIntoView({ block: "center", behavior: "instant" });
          button.focus({ preventScroll: true });
        }
      } else if (jump) host.scrollIntoView({ behavior: "instant" });
    };

    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { open = ""; update(); remember(); }, 80);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      $(".row", list)?.focus();
    });
    more.addEventListener("click", () => {
      const next = shown;
      draw();
      list.children[next]?.firstElementChild.focus();
    });

    const walk = (by) => {
      const buttons = $$(".row", list);
      const at = buttons.indexOf(document.activeElement);
      const panel = document.activeElement?.closest(".detail");
      const from = at < 0 && panel ? buttons.indexOf(panel.previousElementSibling) : at;
      if (from + by >= buttons.length && !more.hidden) draw();
      const next = $$(".row", list)[from < 0 ? 0 : Math.max(0, from + by)];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest", behavior: "instant" });
    };

    host.hidden = false;
    update();
    return { host, anchor, restore, walk, search: () => form.elements.q.focus(), reset: () => { form.reset(); update(); } };
  };

  // what a section embedded: in the page, or in a script beside it (--split-assets)
  const data = (id) => {
    const block = document.getElementById(id);
    return globalThis.augmentorData?.[id] ?? (block && JSON.parse(block.textContent));
  };

  // --- the answers -------------------------------------------------------------------------------------------------

  const answers = () => {
    const host = $("#answers-explorer"), read = host && data("answers-data");
    if (!read) return null;
    const { arms, pair, digits, texts } = read;
    const items = read.rows.map(([id, label, question, reference, change, outcome, said, flagged]) => (
      { id: texts[id], label: texts[label], question: texts[question], reference: texts[reference], change, outcome, said, flagged }
    ));
    const place = new Map(items.map((item, index) => [item, index]));
    const last = (value) => (value === null ? Infinity : value);
    const orders = {
      "": (a, b) => last(a.change) - last(b.change),
      best: (a, b) => last(a.change === null ? null : -a.change) - last(b.change === null ? null : -b.change),
      question: (a, b) => a.question.localeCompare(b.question),
      label: (a, b) => a.label.localeCompare(b.label) || last(a.change) - last(b.change),
    };
    const answered = (item, index, reference) => {
      const answer = item.said[index];
      const who = element("p", { class: "who" }, element("bdi", { text: arms[index] }));
      if (answer && answer[1] !== null) who.append(" ", element("span", { class: "score", text: answer[1].toFixed(digits) }));
      const none = (text) => element("p", { class: "said none", text });
      const body = !answer ? none("was not asked") : answer[2] ? none(`failed: ${texts[answer[0]]}`)
        : texts[answer[0]] === "" ? none("an empty answer") : diffed(reference, texts[answer[0]]);
      return element("div", { class: "answer" }, who, body);
    };
    return explorer(host, "answers", {
      items,
      noun: "questions",
      key: (item) => item.id,
      haystack: (item) => (item.hay ??= [item.question, item.reference, item.label, item.id, ...item.said.map((answer) => (answer ? texts[answer[0]] : ""))].join("\n").toLowerCase()),
      keep: (item, now) => (!now.show || item.outcome === now.show || (now.show === "flagged" && item.flagged) || (now.show === "failed" && item.said.some((answer) => answer && answer[2]))) && (!now.label || item.label === now.label),
      order: (found, now) => found.sort((a, b) => (orders[now.sort] ?? orders[""])(a, b) || place.get(a) - place.get(b)),
      summary: (item) => [
        element("span", { class: `delta ${item.outcome}`, text: signed(item.change, digits) }),
        element("span", { class: "text", dir: "auto", text: item.question || "(an empty question)" }),
        ...(item.label ? [element("span", { class: "tag" }, element("bdi", { text: item.label }))] : []),
      ],
      detail: (item) => {
        const reference = element("div", { class: "answer reference" }, element("p", { class: "who", text: "reference" }), element("p", { class: "said", dir: "auto", text: item.reference }));
        const order = [...new Set([...pair.filter((index) => index >= 0), ...arms.keys()])];
        return [element("div", { class: "answers" }, reference, ...order.map((index) => answered(item, index, item.reference)))];
      },
    });
  };

  // --- the lineage -------------------------------------------------------------------------------------------------

  const lineage = () => {
    const host = $("#lineage-explorer"), read = host && data("lineage-data");
    if (!read) return null;
    const { texts } = read;
    const items = read.families.map(([root, label, question, answer, variants]) => ({
      root: texts[root], label: texts[label], question: texts[question], answer: texts[answer],
      variants: variants.map(([made, note, before, text, filter, reason, score]) => (
        { made: texts[made], note: texts[note], before: texts[before], text: texts[text], filter: filter < 0 ? null : texts[filter], reason: texts[reason], score }
      )),
    }));
    const fits = (one, now) => (!now.made || one.made === now.made)
      && (!now.fate || (now.fate === "kept" ? one.filter === null : now.fate === "dropped" ? one.filter !== null : `by:${one.filter}` === now.fate));
    return explorer(host, "lineage", {
      items,
      noun: "sources",
      key: (item) => item.root,
      haystack: (item) => (item.hay ??= [item.question, item.answer, item.label, item.root, ...item.variants.flatMap((one) => [one.text, one.note, one.reason, one.made])].join("\n").toLowerCase()),
      keep: (item, now) => item.variants.some((one) => fits(one, now)),
      order: () => {},
      summary: (item) => {
        const kept = item.variants.filter((one) => one.filter === null).length;
        return [
          element("span", { class: "delta", text: `${kept} / ${item.variants.length}`, title: "kept of made" }),
          element("span", { class: "text", dir: "auto", text: item.question || "(no question)" }),
          ...(item.label ? [element("span", { class: "tag" }, element("bdi", { text: item.label }))] : []),
        ];
      },
      detail: (item, now) => [element("ul", { class: "variants" }, ...item.variants.filter((one) => fits(one, now)).map((one) => {
        const made = element("p", { class: "made" }, element("b", {}, element("bdi", { text: one.made })), " ", element("bdi", { text: one.note }));
        const body = element("div", {}, diffed(one.before, one.text));
        if (one.filter !== null) {
          const why = element("p", { class: "why", text: `dropped by ${one.filter}: ${one.reason}` });
          if (one.score !== null) why.append(" ", element("span", { class: "score", text: `· score ${one.score.toFixed(3)}` }));
          body.append(why);
        }
        return element("li", { class: one.filter === null ? "kept" : "gone" }, made, body);
      }))],
    });
  };

  // --- theme, contents, keyboard, print ----------------------------------------------------------------------------

  const stored = { // a page opened from a file may have no storage
    get: () => { try { return localStorage.getItem("augmentor-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("augmentor-theme", value); } catch { /* the choice lasts as long as the page */ } },
  };
  const THEMES = ["auto", "light", "dark"];
  let theme = THEMES.includes(stored.get()) ? stored.get() : "auto";
  const applyTheme = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    $("#theme span").textContent = theme;
  };
  const nextTheme = () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    stored.set(theme);
    applyTheme();
  };

  const keysButton = $("#keys");
  const toggleKeys = () => {
    const panel = $("#keys-help");
    panel.hidden = !panel.hidden;
    keysButton.setAttribute("aria-expanded", String(!panel.hidden));
  };

  const parts = $$("main > section");
  const links = new Map($$(".contents a").map((link) => [link.hash.slice(1), link]));
  const current = () => parts.findLast((part) => part.getBoundingClientRect().top < innerHeight * 0.3) ?? parts[0];
  const follow = () => {
    const now = current();
    for (const [anchor, link] of links) anchor === now?.id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  };

  applyTheme();
  $(".tools").hidden = false;
  $("#theme").addEventListener("click", nextTheme);
  keysButton.addEventListener("click", toggleKeys);
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });

  for (const button of $$(".command .copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button.previousElementSibling.textContent));
  }

  for (const button of $$(".download")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const address = URL.createObjectURL(new Blob([JSON.stringify(data(button.dataset.of), null, 2)], { type: "application/json" }));
      element("a", { href: address, download: button.dataset.name }).click();
      URL.revokeObjectURL(address);
    });
  }

  const lists = [answers(), lineage()].filter(Boolean);
  const inView = () => lists.find((list) => list.host.contains(document.activeElement))
    ?? lists.toSorted((a, b) => distance(a.host) - distance(b.host))[0];
  const distance = (host) => {
    const box = host.getBoundingClientRect();
    return box.top > innerHeight ? box.top - innerHeight : box.bottom < 0 ? -box.bottom : 0;
  };

  const goTo = (by) => {
    const next = parts[parts.indexOf(current()) + by];
    if (!next) return;
    next.scrollIntoView({ behavior: "instant" });
    writeHash(next.id, {});
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && typing) return typing.blur();
    if (typing) return;
    const actions = {
      "/": () => inView()?.search(), j: () => inView()?.walk(1), k: () => inView()?.walk(-1),
      n: () => goTo(1), p: () => goTo(-1), t: nextTheme, "?": toggleKeys,
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  });

  const arrive = () => {
    const { anchor, state } = readHash();
    const list = lists.find((one) => one.anchor === anchor);
    if (list && Object.keys(state).length) list.restore(state, true);
  };
  addEventListener("hashchange", arrive);
  arrive();
  follow();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = $$("details:not([open])");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });

  performance.mark("ready");
})();
