/** The page: which room is shown, what is going on in the studio, light and dark. */
import * as easel from "./easel.js";
import { openForm, request } from "./form.js";
import { card, openGallery, showGallery } from "./gallery.js";
import { byId, showError } from "./make.js";
import { showPainting } from "./painting.js";
import { ask, live } from "./server.js";

const ROOMS = ["easel", "gallery", "painting"];
const ACTIVE = ["waiting", "painting", "finishing"];
const THEME = "diavlex.theme";
const active = new Map();

function roomOf(hash) {
  const [, room = "", id = ""] = hash.replace(/^#/, "").split("/");
  return room === "painting" && id ? ["painting", id] : room === "gallery" ? ["gallery"] : ["easel"];
}

async function show(isFirst = false) {
  const [room, id] = roomOf(location.hash);
  for (const name of ROOMS) byId(name).hidden = name !== room;
  for (const link of document.querySelectorAll("[data-room]")) {
    if (link.dataset.room === room) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (room === "gallery") await showGallery();
  if (room === "painting") await showPainting(id);
  if (room === "easel") showRecent();
  document.title = { easel: "diavlex studio", gallery: "Gallery · diavlex", painting: `${byId("painting-title")?.textContent} · diavlex` }[room];
  if (!isFirst && !byId(room).contains(document.activeElement)) byId("room").focus({ preventScroll: true });
  if (!isFirst) scrollTo(0, 0);
}

async function paint(count) {
  const error = byId("ask-error");
  const buttons = [byId("paint"), byId("sketches")];
  for (const one of buttons) one.disabled = true;
  try {
    showError(error, "");
    const { paintings } = await ask("POST", "/paintings", { ...(await request()), side_by_side: count });
    await easel.watch(paintings.map(({ id }) => id));
    if (matchMedia("(max-width: 900px)").matches) byId("canvases").scrollIntoView({ block: "start" });
  } catch (problem) {
    showError(error, problem.message);
    byId("words").focus();
  }
  for (const one of buttons) one.disabled = false;
}

async function showRecent() {
  const { paintings } = await ask("GET", "/paintings?state=done,stopped&limit=12");
  const few = paintings.filter(({ id, has_picture: has }) => has && !easel.isShown(id)).slice(0, 6);
  byId("recent").hidden = !few.length;
  byId("strip").replaceChildren(...few.map(card));
}

function showActivity() {
  const states = [...active.values()];
  const waiting = states.filter((state) => state === "waiting").length;
  const painting = states.length - waiting;
  const parts = [painting && `${painting} being painted`, waiting && `${waiting} in line`].filter(Boolean);
  byId("activity").hidden = !parts.length;
  byId("activity").textContent = parts.join(", ");
}

function note({ id, state }) {
  const was = active.get(id);
  if (ACTIVE.includes(state)) active.set(id, state);
  else active.delete(id);
  if (was !== active.get(id)) showActivity();
  if (was && !ACTIVE.includes(state) && !byId("easel").hidden) showRecent();
}

/** Light and dark: as the system likes it, until somebody chooses. */
function openTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem(THEME) ?? (dark.matches ? "dark" : "light");
  const apply = () => {
    document.documentElement.dataset.theme = chosen();
    byId("theme").textContent = chosen() === "dark" ? "Light" : "Dark";
    byId("theme").setAttribute("aria-label", `Change to ${chosen() === "dark" ? "light" : "dark"} colors`);
  };
  byId("theme").addEventListener("click", () => {
    localStorage.setItem(THEME, chosen() === "dark" ? "light" : "dark");
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}

async function open() {
  openTheme();
  live.addEventListener("state", ({ detail }) => note(detail));
  live.addEventListener("removed", ({ detail }) => { active.delete(detail.id); showActivity(); });
  live.addEventListener("closed", () => (byId("offline").hidden = false));
  live.addEventListener("open", async () => {
    byId("offline").hidden = true;
    active.clear();
    for (const one of (await ask("GET", "/paintings?state=waiting,painting,finishing&limit=200")).paintings) note(one);
    showActivity();
  });
  easel.open();
  openGallery();
  openForm(await ask("GET", "/choices"), { onpaper: easel.showPaper });
  byId("ask").addEventListener("submit", (event) => { event.preventDefault(); paint(1); });
  byId("sketches").addEventListener("click", () => paint(4));
  byId("words").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); paint(1); }
  });
  byId("easel").addEventListener("placed", showRecent);
  addEventListener("hashchange", () => show());
  live.open();
  easel.clear();
  await show(true);
  await easel.watchAgain();
  document.documentElement.dataset.ready = "";
}

open().catch((error) => showError(byId("ask-error"), error.message));
