/** The gallery: all paintings of the folder, found by their words. */
import { Brushwork, readFrame } from "./brushwork.js";
import { byId, make, segments, showError } from "./make.js";
import { ask, live } from "./server.js";

const WHICH = [["done,stopped,finishing", "Pictures"], ["paused,failed,waiting,painting", "Unfinished"], ["", "All"]];
const FEW = 36;
let which = WHICH[0][0];
let asked = 0;
let oldest = 0;

/** Show the gallery. */
export async function showGallery() {
  await find();
}

/** Listen to the search, and to paintings that come and go. */
export function openGallery() {
  segments(byId("which"), "which", WHICH, which, (value) => { which = value; find(); });
  let later = 0;
  byId("find").addEventListener("input", () => { clearTimeout(later); later = setTimeout(find, 200); });
  byId("search").addEventListener("submit", (event) => { event.preventDefault(); find(); });
  byId("older").addEventListener("click", () => find(oldest));
  let fresh = 0;
  live.addEventListener("state", ({ detail }) => {
    if (byId("gallery").hidden) return;
    const card = byId("wall").querySelector(`[data-id="${detail.id}"]`);
    if (card && card.dataset.state === detail.state && card.dataset.has === String(detail.has_picture)) return;
    clearTimeout(fresh);
    fresh = setTimeout(find, 400);
  });
}

async function find(before = 0) {
  const turn = ++asked;
  const words = byId("find").value;
  const query = new URLSearchParams({ words, limit: FEW });
  if (which) query.set("state", which);
  if (before > 0) query.set("before", before);
  try {
    const { paintings } = await ask("GET", `/paintings?${query}`);
    if (turn !== asked) return;
    const wall = byId("wall");
    const cards = paintings.map(card);
    const had = document.activeElement?.closest?.("[data-id]")?.dataset.id;
    if (before > 0) wall.append(...cards);
    else wall.replaceChildren(...cards);
    if (had) wall.querySelector(`[data-id="${had}"]`)?.focus();
    oldest = paintings.at(-1)?.created ?? 0;
    byId("older").hidden = paintings.length < FEW;
    byId("found").textContent = wall.children.length ? counted(wall.children.length, words) : nothing(words);
  } catch (error) {
    showError(byId("found"), error.message);
  }
}

function counted(count, words) {
  const many = count === 1 ? "One painting" : `${count} paintings`;
  return words ? `${many} of “${words}”.` : `${many}${byId("older").hidden ? "" : ", the newest first"}.`;
}

function nothing(words) {
  return words ? `There is no painting of “${words}” here.` : "Nothing here yet. What you paint comes here.";
}

const STANDS = { waiting: "in line", painting: "being painted", finishing: "drying", paused: "paused", stopped: "stopped early", failed: "cut off" };

/** A painting on the wall. */
export function card(state) {
  const { id, prompt, background, width_px: width, height_px: height, has_picture: has } = state;
  const mat = make("span", { className: "mat" });
  mat.style.aspectRatio = `${width} / ${height}`;
  mat.style.background = background;
  if (has) mat.append(make("img", { src: `/paintings/${id}/picture?small&at=${state.step}`, alt: "", loading: "lazy", decoding: "async" }));
  else if (state.step) sketch(mat, state);
  const stands = STANDS[state.state];
  return make("a", { className: "card", href: `#/painting/${id}`, data: { id, state: state.state, has } },
    mat, make("span", { className: "title" }, prompt), stands && make("span", { className: "stand" }, stands));
}

/** The strokes of a painting that has no picture yet. */
async function sketch(mat, { id, background, brushes, width_px: width, height_px: height }) {
  const answer = await fetch(`/paintings/${id}/strokes`);
  if (!answer.ok || !mat.isConnected) return;
  const canvas = make("canvas", { "aria-hidden": true });
  mat.append(canvas);
  new Brushwork(canvas, { width, height, background, brushes }).show(readFrame(await answer.arrayBuffer()));
}
