"use strict";
(function () {
  const URGENCY = 0, TEXT = 1, SPANS = 2, CATEGORY = 3, NETIQUETTE = 4, POLITICAL = 5, SIGNALS = 6, ACTIONS = 7, REASONS = 8,
    HUMAN_REASONS = 9, DEADLINES = 10, HUMAN = 11, UNCERTAIN = 12, DESK = 13, AUTHOR = 14, PUBLISHED = 15, LINK = 16, ID = 17,
    DECISION = 18, POST = 19, PER_PAGE = 25;
  const URGENCIES = {immediate: "Immédiate", high: "Élevée", normal: "Normale", low: "Faible"};
  const data = JSON.parse(document.getElementById("data").textContent), rows = data.rows, name = (rank) => data.names[rank];
  // Names are written once in the page: each row gets its own here.
  for (const r of rows) {
    for (const at of [URGENCY, CATEGORY, DESK, POST]) r[at] = name(r[at]);
    for (const at of [NETIQUETTE, POLITICAL, SIGNALS, ACTIONS, REASONS, HUMAN_REASONS, UNCERTAIN]) r[at] = r[at].map(name);
    for (const span of r[SPANS]) span[2] = name(span[2]);
    for (const deadline of r[DEADLINES]) deadline[0] = name(deadline[0]);
  }
  const byId = (id) => document.getElementById(id);
  const fold = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
  const folded = rows.map((r) => fold([r[TEXT], r[ID], r[DECISION], r[AUTHOR], r[POST], r[CATEGORY], r[NETIQUETTE].join(" ")].join(" ")));
  const form = byId("filters"), list = byId("list"), pages = byId("pages");
  const number = new Intl.NumberFormat("fr-CA");
  const moment = new Intl.DateTimeFormat("fr-CA", {dateStyle: "long", timeStyle: "short", timeZone: "America/Toronto"});
  let found = rows.map((_, i) => i), page = 0;

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function fill(id, all, values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
    const select = byId(id);
    select.append(new Option(all, ""));
    for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1]))
      if (value) select.append(new Option((URGENCIES[value] || value) + " (" + number.format(count) + ")", value));
  }
  function define(dl, term, value, className) {
    if (!value) return;
    const line = element("div");
    line.append(element("dt", "", term), element("dd", className || "", value));
    dl.append(line);
  }
  function card(r) {
    const article = element("article", "card u-" + r[URGENCY]);
    const header = element("header");
    header.append(element("span", "chip u-" + r[URGENCY], "Urgence " + URGENCIES[r[URGENCY]].toLowerCase()), element("span", "category", r[CATEGORY]));
    if (r[PUBLISHED]) {
      const time = element("time", "", moment.format(new Date(r[PUBLISHED])));
      time.dateTime = r[PUBLISHED];
      header.append(time);
    }
    const quote = element("blockquote");
    let at = 0;
    for (const [start, end, label] of r[SPANS]) {
      const mark = element("mark", "", r[TEXT].slice(start, end));
      mark.title = label;
      quote.append(r[TEXT].slice(at, start), mark);
      at = end;
    }
    quote.append(r[TEXT].slice(at));
    article.append(header, quote);
    if (r[POST]) article.append(element("p", "post", "↳ " + r[POST]));
    const dl = element("dl");
    define(dl, "Étiquettes", [...r[NETIQUETTE], ...r[POLITICAL]].join(" · "));
    define(dl, "Signaux", r[SIGNALS].join(" · "));
    define(dl, "Recommandation", r[ACTIONS].join(" → "), "actions");
    define(dl, "Bureau", r[DESK]);
    define(dl, "Motifs", r[REASONS].join(" · "));
    define(dl, "À voir, car", r[HUMAN_REASONS].join(" "));
    define(dl, "Le modèle hésite", r[UNCERTAIN].join(" · "));
    if (r[DEADLINES].length) {
      const [name, due, overdue] = r[DEADLINES][0];
      define(dl, "Échéance", name + ", " + moment.format(new Date(due)) + (overdue ? " (échue)" : ""));
    }
    const footer = element("footer");
    if (r[AUTHOR]) footer.append(element("span", "", "Auteur " + r[AUTHOR]));
    footer.append(element("span", "", "Décision " + r[DECISION].slice(0, 12)));
    if (r[LINK]) {
      const link = element("a", "", "Voir en ligne");
      link.href = r[LINK];
      link.rel = "noreferrer noopener";
      link.append(element("span", "visually-hidden", " le commentaire de la décision " + r[DECISION].slice(0, 12)));
      footer.append(link);
    }
    article.append(dl, footer);
    return article;
  }
  function show() {
    const first = page * PER_PAGE;
    list.replaceChildren(...found.slice(first, first + PER_PAGE).map((i) => card(rows[i])));
    byId("count").textContent = found.length === 0 ? "Aucun commentaire ne répond à ces filtres." :
      number.format(found.length) + (found.length > 1 ? " commentaires" : " commentaire") + ", les plus graves d'abord";
    pages.hidden = found.length <= PER_PAGE;
    byId("previous").disabled = page === 0;
    byId("next").disabled = first + PER_PAGE >= found.length;
    byId("where").textContent = number.format(found.length ? first + 1 : 0) + " à " + number.format(Math.min(first + PER_PAGE, found.length)) + " sur " + number.format(found.length);
  }
  function filter() {
    const words = fold(byId("f-text").value).split(/\s+/).filter(Boolean);
    const urgency = byId("f-urgency").value, category = byId("f-category").value, label = byId("f-label").value,
      action = byId("f-action").value, desk = byId("f-desk").value, human = byId("f-human").checked, uncertain = byId("f-uncertain").checked;
    found = [];
    for (let i = 0; i < rows.length; i++) {
      const r = rows[i];
      if ((!urgency || r[URGENCY] === urgency) && (!category || r[CATEGORY] === category) &&
          (!label || r[NETIQUETTE].includes(label) || r[POLITICAL].includes(label)) && (!action || r[ACTIONS].includes(action)) &&
          (!desk || r[DESK] === desk) && (!human || r[HUMAN]) && (!uncertain || r[UNCERTAIN].length) &&
          words.every((word) => folded[i].includes(word))) found.push(i);
    }
    page = 0;
    show();
  }
  function turn(step) {
    page += step;
    show();
    byId("all").scrollIntoView();
  }
  fill("f-urgency", "Toutes", rows.map((r) => r[URGENCY]));
  fill("f-category", "Toutes", rows.map((r) => r[CATEGORY]));
  fill("f-label", "Toutes", rows.flatMap((r) => [...r[NETIQUETTE], ...r[POLITICAL]]));
  fill("f-action", "Toutes", rows.flatMap((r) => r[ACTIONS]));
  fill("f-desk", "Tous", rows.map((r) => r[DESK]));
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  // On paper nothing unfolds: urgent cases are printed unfolded.
  window.addEventListener("beforeprint", () => document.querySelectorAll("#urgent details, #uncertain details").forEach((d) => { d.open = true; }));
  form.hidden = false;
  show();
})();
