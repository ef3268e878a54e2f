// Follows the record, and sends forms without leaving the page. Every page works without this.
"use strict";

(() => {
  const main = () => document.getElementById("main");
  const notices = document.getElementById("notices");
  const eventsAddress = main().dataset.events;
  if (!eventsAddress) return;

  const MINUTE = 60_000;
  let refreshing = false;
  let again = false;

  const address = () => {
    const here = new URL(location.href);
    here.searchParams.delete("notice");
    return here;
  };

  // What somebody has begun to fill in stays; so do open details, the focus and where each part is scrolled to.
  const remember = () => ({
    focus: document.activeElement,
    open: [...main().querySelectorAll("details[open][id]")].map((one) => one.id),
    scrolled: [...main().querySelectorAll(".scroll")].map((one) => one.scrollLeft),
    written: [...main().querySelectorAll("input[id], select[id]")]
      .filter((one) => (one.type === "radio" ? one.checked !== one.defaultChecked : one.tagName === "SELECT"
        ? one.selectedIndex > 0 : one.value !== one.defaultValue))
      .map((one) => [one.id, one.type === "radio" ? one.checked : one.value]),
  });

  const likeness = (one) => {
    if (!one || !main().contains(one)) return null;
    if (one.id) return (page) => page.querySelector("#" + CSS.escape(one.id));
    const label = one.getAttribute("aria-label");
    const text = one.textContent;
    return (page) => [...page.querySelectorAll(one.tagName)].find((other) =>
      label ? other.getAttribute("aria-label") === label : other.textContent === text) || null;
  };

  const swap = (page, keep) => {
    const fresh = page.getElementById("main");
    if (!fresh) return;
    const find = likeness(keep.focus);
    main().replaceWith(fresh);
    for (const id of keep.open) document.getElementById(id)?.setAttribute("open", "");
    for (const [id, value] of keep.written) {
      const field = document.getElementById(id);
      if (field && field.type === "radio") field.checked = value;
      else if (field) field.value = value;
    }
    if (keep.scrolled.some(Boolean)) {
      [...fresh.querySelectorAll(".scroll")].forEach((one, index) => { one.scrollLeft = keep.scrolled[index] ?? 0; });
    } else {
      toTheEnd();
    }
    if (find) (find(fresh) || fresh).focus({ preventScroll: true });
  };

  const read = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");

  const refresh = async () => {
    if (refreshing) { again = true; return; }
    refreshing = true;
    try {
      const response = await fetch(address(), { headers: { accept: "text/html" } });
      if (response.redirected) location.reload();
      else if (response.ok) swap(await read(response), remember());
    } catch { /* the service is away; the stream tells when it is back */ }
    refreshing = false;
    if (again) { again = false; refresh(); }
  };

  const say = (page) => {
    const said = page.getElementById("notices");
    if (said) notices.replaceChildren(...said.children);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!main().contains(form) || form.method !== "post") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const keep = remember();
    keep.open = keep.open.filter((id) => id !== form.closest("details")?.id);
    keep.written = keep.written.filter(([id]) => !form.querySelector("#" + CSS.escape(id)));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      const response = await fetch(form.action, { method: "POST", body });
      if (!response.ok || new URL(response.url).pathname !== location.pathname) {
        location.assign(response.ok ? response.url : address());
        return;
      }
      const page = await read(response);
      swap(page, keep);
      say(page);
    } catch {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
      const text = document.createElement("p");
      text.className = "notice trouble";
      text.textContent = notices.dataset.unanswered;
      notices.replaceChildren(text);
    }
  });

  const toTheEnd = () => {
    for (const one of document.querySelectorAll(".scroll-end")) one.scrollLeft = one.scrollWidth;
  };

  const follow = () => {
    const stream = new EventSource(eventsAddress);
    stream.addEventListener("mark", (event) => { if (event.data !== main().dataset.mark) refresh(); });
    stream.addEventListener("changed", refresh);
    stream.addEventListener("error", () => {
      // Too many pages are open, or the visit is over: the browser does not come back by itself then.
      if (stream.readyState === EventSource.CLOSED) setTimeout(follow, MINUTE);
    });
    addEventListener("pagehide", () => stream.close(), { once: true });
  };

  toTheEnd();
  follow();
  setInterval(() => { if (!document.hidden) refresh(); }, MINUTE);
  document.querySelector(".live")?.removeAttribute("hidden");
})();
