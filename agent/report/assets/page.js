"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const every = (what, where) => [...(where || document).querySelectorAll(what)];

  // The theme: what the system says until the button is pressed; nothing is remembered.
  const theme = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  system.addEventListener("change", name);
  name();

  // Whoever follows a link finds its goal open and in view.
  const reveal = (goal) => {
    for (let up = goal; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") { up.open = true; up.hidden = false; }
    }
    const closed = goal.closest("details");
    if (goal.tagName === "SUMMARY") { closed.open = true; }
    (goal.tagName === "SUMMARY" ? goal : closed || goal).scrollIntoView({ block: "start" });
    (goal.tagName === "SUMMARY" ? goal : closed ? closed.querySelector("summary") : goal).focus({ preventScroll: true });
  };
  const followed = () => {
    const goal = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    if (goal && goal.closest("details")) { reveal(goal); }
  };
  addEventListener("hashchange", followed);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#i']");
    if (link && link.hash === location.hash) { followed(); }
    const shape = event.target.closest("[data-opens]");
    const goal = shape && byId(shape.dataset.opens);
    if (goal) { reveal(goal); }
  });
  every("[data-opens]").forEach((shape) => shape.classList.add("click"));

  // A number filters the candidacies; so does the field above them.
  const ones = every("details.one");
  const find = byId("find");
  if (find) {
    const shown = byId("shown");
    const all = byId("all");
    let only = null;
    let why = "";
    const texts = ones.map((one) => one.querySelector("summary").textContent.toLowerCase());
    const apply = () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      ones.forEach((one, place) => {
        const fits = (!only || only.has(one.dataset.i)) && words.every((word) => texts[place].includes(word));
        one.hidden = !fits;
        count += fits ? 1 : 0;
      });
      const all_ = !only && !words.length;
      shown.textContent = all_ ? "" : count + " of " + ones.length + (why ? ": " + why : "");
      all.hidden = all_;
    };
    byId("filter").hidden = false;
    find.addEventListener("input", apply);
    all.addEventListener("click", () => { only = null; why = ""; find.value = ""; apply(); find.focus(); });
    document.addEventListener("toggle", (event) => {
      const list = event.target;
      if (!list.open || !list.matches("details.n") || list.querySelector("button")) { return; }
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Show only these";
      button.addEventListener("click", () => {
        only = new Set(every("a", list).map((link) => link.hash.slice(2)));
        why = list.querySelector(".vh").textContent.replace(": which interviews?", "").trim();
        find.value = "";
        apply();
        byId("candidacies").scrollIntoView({ block: "start" });
        all.focus({ preventScroll: true });
      });
      list.querySelector("p").append(" ", button);
    }, true);
  }

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = every("details:not([open])");
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((each) => { each.open = false; });
    closed = [];
  });
  followed();
})();
