/** The easel: what is being painted, live; and what can be done with it. */
import { Brushwork, readFrame } from "./brushwork.js";
import { drawCurves } from "./curves.js";
import { button, byId, lasting, make, showError } from "./make.js";
import { ask, live } from "./server.js";

const ACTIVE = ["waiting", "painting", "finishing"];
const LAST = "diavlex.last";

/** The paintings on the easel by id, in their order: one, or those side by side. */
const shown = new Map();
let chosen = null;
let spoken = "";

/** Put paintings on the easel. */
export async function watch(ids) {
  localStorage.setItem(LAST, JSON.stringify(ids));
  const told = await Promise.all(ids.map((id) => ask("GET", `/paintings/${id}`)));
  shown.clear();
  chosen = ids[0];
  for (const one of told) shown.set(one.id, sheetOf(one));
  place();
  for (const one of told) tell(one);
  live.watch(ids);
}

/** What was last on the easel, if it is still there: a page that comes back finds it again. */
export async function watchAgain() {
  let ids = [];
  try {
    ids = JSON.parse(localStorage.getItem(LAST) ?? "[]");
    if (ids.length) return await watch(ids);
  } catch {
    localStorage.removeItem(LAST);
  }
  const { paintings } = await ask("GET", "/paintings?state=painting,finishing,waiting");
  const first = paintings.find(({ state }) => state !== "waiting") ?? paintings.at(-1);
  if (first) await watch([first.id]);
  else clear();
}

/** Bare paper, as it is chosen. */
export function clear() {
  shown.clear();
  chosen = null;
  place();
}

/** Show the paper that is chosen, as long as nothing is painted on it. */
export function showPaper({ width, height, background }) {
  if (shown.size) return;
  const paper = byId("canvases").querySelector(".paper");
  if (!paper) return;
  paper.style.setProperty("--shape", `${width} / ${height}`);
  paper.parentElement?.style.setProperty("--tall", height / width);
  paper.style.background = background;
  paper.classList.toggle("night", isDark(background));
}

function isDark(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue < 115;
}

/** Whether a painting is on the easel. */
export function isShown(id) {
  return shown.has(id);
}

function sheetOf(state) {
  const canvas = make("canvas", { role: "img", "aria-label": state.prompt });
  const picture = make("img", { className: "finished", alt: state.prompt, hidden: true });
  const ledge = make("div", { className: "ledge", role: "progressbar", "aria-label": "How far it is", "aria-valuemin": 0, "aria-valuemax": 100 }, make("span"));
  const pick = make("div", { className: "pick" });
  const figure = make("figure", { className: "canvas" }, make("div", { className: "paper" }, canvas, picture), ledge, pick);
  return { state, figure, canvas, picture, ledge, pick, curve: state.curve ?? [], work: null };
}

function place() {
  const room = byId("canvases");
  room.classList.toggle("many", shown.size > 1);
  room.replaceChildren(...[...shown.values()].map((sheet) => sheet.figure));
  if (!shown.size) {
    room.append(make("figure", { className: "canvas bare" },
      make("div", { className: "paper" }, make("p", {}, "Your painting comes here.")), make("div", { className: "ledge" })));
    for (const id of ["caption", "told"]) byId(id).textContent = "";
    byId("deeds").replaceChildren();
    byId("how").hidden = true;
    showError(byId("painting-error"), "");
    byId("remarks").hidden = true;
  }
  for (const sheet of shown.values()) {
    const { width_px: width, height_px: height, background, brushes } = sheet.state;
    const paper = sheet.figure.querySelector(".paper");
    paper.style.setProperty("--shape", `${width} / ${height}`);
    paper.parentElement?.style.setProperty("--tall", height / width);
    paper.style.background = background;
    sheet.work = new Brushwork(sheet.canvas, { width, height, background, brushes });
  }
  byId("easel").dispatchEvent(new CustomEvent("placed"));
}

/** Take in how a painting stands. */
function tell(state) {
  const sheet = shown.get(state.id);
  if (!sheet) return;
  if (state.curve) sheet.curve = state.curve;
  sheet.state = { ...sheet.state, ...state };
  const { step, steps, hold_at: hold } = sheet.state;
  if (sheet.state.state === "waiting") sheet.left = null;
  showLedge(sheet, step, hold || steps);
  showPicture(sheet);
  showPick(sheet);
  if (!ACTIVE.includes(sheet.state.state)) sheet.work.rest();
  if (state.id === chosen || shown.size > 1) showPlate();
}

function showLedge(sheet, step, until) {
  const share = ["done", "finishing"].includes(sheet.state.state) ? 1 : Math.min(step / until, 1);
  sheet.ledge.firstChild.style.transform = `scaleX(${share.toFixed(3)})`;
  sheet.ledge.setAttribute("aria-valuenow", Math.round(100 * share));
}

/** The server's own picture over the canvas, when there is one and nothing moves any more. */
async function showPicture(sheet) {
  const { id, state, has_picture: has, step } = sheet.state;
  const isThere = has && ["done", "stopped", "finishing"].includes(state);
  if (!isThere) {
    sheet.picture.hidden = true;
    sheet.pictured = null;
    return;
  }
  if (sheet.pictured === step) return;
  sheet.pictured = step;
  sheet.picture.src = `/paintings/${id}/picture?at=${step}`;
  try {
    await sheet.picture.decode();
    if (sheet.pictured === step) sheet.picture.hidden = false;
  } catch {
    sheet.pictured = null;
  }
}

function showPick(sheet) {
  if (shown.size < 2) return;
  const { id, state, seed } = sheet.state;
  const words = { paused: "Go on with this one", painting: "being painted …", waiting: "in line …", failed: "cut off" }[state];
  if (state === "paused") {
    const pick = button(words, () => goOnWith(id), { "aria-label": `${words} (seed ${seed})` });
    if (sheet.pick.dataset.state !== state) sheet.pick.replaceChildren(pick);
  } else sheet.pick.replaceChildren(words ?? state);
  sheet.pick.dataset.state = state;
}

async function goOnWith(id) {
  await deed(id, "continue");
  await watch([id]);
  location.hash = "#/";
}

function showPlate() {
  const sheet = shown.get(chosen);
  const state = sheet.state;
  byId("caption").textContent = state.prompt;
  showProgress(sheet);
  showError(byId("painting-error"), state.error ? state.error[0].toUpperCase() + state.error.slice(1) : "");
  const remarks = byId("remarks");
  remarks.hidden = !state.remarks.length;
  remarks.replaceChildren(...state.remarks.map((line) => make("li", {}, line)));
  showDeeds(sheet);
}

/** What changes with every step. */
function showProgress(sheet) {
  byId("told").textContent = shown.size > 1 ? wordsOfAll() : wordsOf(sheet);
  aloud(sheet);
  byId("how").hidden = shown.size > 1 || !sheet.curve.length;
  if (byId("how").open) drawCurves(byId("curves"), sheet.curve);
}

function wordsOf({ state, left }) {
  const { step, steps } = state;
  switch (state.state) {
    case "waiting":
      return state.place_in_line > 1 ? `Waiting: number ${state.place_in_line} in line.` : "Waiting: next in line.";
    case "painting":
      if (!step) return "Laying out the brushes …";
      return `Painting: ${step} of ${steps}` + (left ? `, about ${lasting(left)} left.` : ".");
    case "finishing":
      return state.has_picture ? "The picture is there; the films are being made." : "Drying: the picture is being made.";
    case "paused":
      return `Paused at ${step} of ${steps}.`;
    case "stopped":
      return step ? `Stopped at ${step} of ${steps}; what there was is kept.` : "Stopped before it was begun.";
    case "failed":
      return `Cut off at ${step} of ${steps}.`;
    default:
      return `Finished. Seed ${state.seed}.`;
  }
}

function wordsOfAll() {
  const states = [...shown.values()].map(({ state }) => state.state);
  if (states.every((state) => state === "paused")) return "Four beginnings. Choose the one to go on with.";
  if (states.some((state) => state === "painting")) return "Four beginnings, side by side …";
  return states.includes("waiting") ? "Waiting in line." : "";
}

/** Say aloud, for those who do not see, what changes now and then. */
function aloud({ state }) {
  const quarter = Math.floor((4 * state.step) / state.steps);
  const words = { waiting: "Waiting in line.", painting: quarter ? `${25 * quarter} percent painted.` : "Painting has begun.",
    finishing: "The picture is being made.", paused: "Paused.", stopped: "Stopped; what there was is kept.",
    failed: "Cut off.", done: `Finished: ${state.prompt}.` }[state.state];
  if (words !== spoken) byId("aloud").textContent = spoken = words;
}

async function deed(id, verb) {
  try {
    const told = await ask("POST", `/paintings/${id}/${verb}`, verb === "again" ? {} : undefined);
    if (verb === "again") {
      await watch([told.paintings[0].id]);
      location.hash = "#/";
    } else tell(told);
  } catch (error) {
    showError(byId("painting-error"), error.message);
  }
}

function showDeeds({ state }) {
  const { id, can } = state;
  const key = `${id} ${state.state} ${shown.size}`;
  const room = byId("deeds");
  if (room.dataset.key === key) return;
  room.dataset.key = key;
  const had = room.contains(document.activeElement);
  const deeds = [];
  if (shown.size === 1) {
    if (can.includes("continue")) deeds.push(button("Go on", () => deed(id, "continue"), { className: "primary" }));
    if (can.includes("pause")) deeds.push(button("Pause", () => deed(id, "pause")));
    if (can.includes("stop")) deeds.push(button("Stop and keep", () => deed(id, "stop")));
    if (can.includes("again")) deeds.push(button("Again with another seed", () => deed(id, "again")));
    if (["done", "stopped"].includes(state.state)) {
      deeds.push(make("a", { className: "button", href: `#/painting/${id}` }, "Replay, files and more"));
    }
  } else if ([...shown.values()].some((one) => one.state.can.includes("pause"))) {
    deeds.push(button("Pause all", () => [...shown.keys()].forEach((one) => deed(one, "pause"))));
  }
  room.replaceChildren(...deeds);
  if (had) room.querySelector("button, a")?.focus();
}

/** Begin to listen to the server. */
export function open() {
  live.addEventListener("frame", ({ detail }) => {
    const frame = readFrame(detail);
    const sheet = shown.get(frame.id);
    if (!sheet) return;
    sheet.work.take(frame);
    if (!ACTIVE.includes(sheet.state.state)) sheet.work.rest();
  });
  live.addEventListener("state", ({ detail }) => tell(detail));
  live.addEventListener("steps", ({ detail }) => {
    const sheet = shown.get(detail.id);
    if (!sheet) return;
    for (const [index, scores] of detail.points) {
      if (sheet.curve.length && sheet.curve.at(-1)[0] >= index) sheet.curve = sheet.curve.filter(([step]) => step < index);
      sheet.curve.push([index, scores]);
      sheet.state.step = index;
    }
    sheet.left = detail.points.at(-1)[2];
    showLedge(sheet, sheet.state.step, sheet.state.hold_at || sheet.state.steps);
    if (detail.id === chosen) showProgress(sheet);
  });
  byId("how").addEventListener("toggle", () => chosen && drawCurves(byId("curves"), shown.get(chosen).curve));
  addEventListener("resize", () => {
    for (const { work, state } of shown.values()) if (!ACTIVE.includes(state.state)) work.isResting = false, work.rest();
  });
  globalThis.brushworks = () => [...shown.values()].map((sheet) => sheet.work.count);
}
