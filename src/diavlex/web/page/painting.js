/** One painting: its picture, how it was painted, its files, and how to make it elsewhere. */
import { Replay } from "/page/replay.js";
import { Brushwork, readFrame, strokesOf } from "./brushwork.js";
import { drawCurves } from "./curves.js";
import { watch } from "./easel.js";
import { fieldOf } from "./field.js";
import { exportsKnown, fill, focusWords } from "./form.js";
import { button, byId, make, showError } from "./make.js";
import { ask, download } from "./server.js";
import { Mask, canStart, startFrom } from "./wishes.js";

/** Files that most people want; all others are a click further. */
const OFTEN = ["png", "mp4", "ora", "svg", "html", "gif"];

let told = null;

/** Show a painting. */
export async function showPainting(id) {
  const room = byId("painting");
  try {
    told = await ask("GET", `/paintings/${id}`);
  } catch (error) {
    room.replaceChildren(make("h1", { id: "painting-title" }, "No such painting"), make("p", { className: "told" }, error.message),
      make("p", {}, make("a", { className: "button", href: "#/gallery" }, "To the gallery")));
    return;
  }
  const title = make("h1", { id: "painting-title" }, told.prompt);
  const error = make("p", { className: "error", role: "alert", hidden: true });
  room.replaceChildren(
    make("div", { className: "hang" }, stage(error)),
    make("div", { className: "beside" }, make("p", { className: "back" }, make("a", { href: "#/gallery" }, "← Gallery")),
      title, make("p", { className: "told" }, facts()), error, deeds(error), files(error), recipe(), curves()));
}

function facts() {
  const { width_px: width, height_px: height, brushes, seed, state, step, steps, created } = told;
  const day = new Date(1000 * created).toLocaleDateString(undefined, { dateStyle: "long" });
  const stands = state === "done" ? "" : ` Stands at ${step} of ${steps}.`;
  const remarks = told.remarks.length ? ` ${told.remarks.join(" ")}` : "";
  return `${brushes.join(" and ")} on paper, ${width} × ${height}, seed ${seed}, ${day}.${stands}${remarks}`;
}

/** The picture; and the replay of its strokes in its place. */
function stage(error) {
  const { id, prompt, width_px: width, height_px: height, background } = told;
  const paper = make("div", { className: "paper" });
  paper.style.setProperty("--shape", `${width} / ${height}`);
  paper.style.background = background;
  const canvas = make("canvas", { hidden: true, role: "img", "aria-label": `${prompt}, being painted` });
  const picture = make("img", { className: "finished", alt: prompt });
  paper.append(canvas, picture);
  const bar = make("div", { className: "player" });
  if (told.has_picture) picture.src = `/paintings/${id}/picture?at=${told.step}`;
  else showStrokes(paper, canvas, picture);
  const replay = button("Watch it being painted", () => openReplay(canvas, picture, bar).catch((problem) => showError(error, problem.message)), { className: "play" });
  bar.append(replay);
  const figure = make("figure", { className: "canvas" }, paper, make("div", { className: "ledge" }), bar);
  figure.style.setProperty("--tall", height / width);
  return figure;
}

async function showStrokes(paper, canvas, picture) {
  picture.remove();
  canvas.hidden = false;
  const answer = await fetch(`/paintings/${told.id}/strokes`);
  if (!answer.ok) return;
  const { width_px: width, height_px: height, background, brushes } = told;
  const work = new Brushwork(canvas, { width, height, background, brushes });
  work.show(readFrame(await answer.arrayBuffer()));
}

async function openReplay(canvas, picture, bar) {
  const { id, width_px: width, height_px: height, background, brushes } = told;
  const answer = await fetch(`/paintings/${id}/strokes`);
  if (!answer.ok) throw new Error("This painting has no strokes yet.");
  const strokes = strokesOf(readFrame(await answer.arrayBuffer()), brushes);
  canvas.hidden = false;
  picture.style.visibility = "hidden";
  const dense = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.round(Math.min(canvas.clientWidth * dense, 1400)) || width;
  canvas.height = Math.round((canvas.width * height) / width);
  const replay = new Replay(canvas, { width, height, background, strokes });
  const scrub = make("input", { type: "range", min: 0, max: strokes.length, step: 1, "aria-label": "Strokes painted", oninput: () => { const at = Number(scrub.value); replay.pause(); replay.seek(at); } });
  const play = button("Pause", () => (replay.isPlaying ? replay.pause() : replay.play()), { className: "play" });
  const speed = make("select", { "aria-label": "Speed", onchange: () => (replay.pace = Number(speed.value) * Math.max(strokes.length / 12, 1)) },
    [[0.25, "¼ speed"], [1, "speed 1"], [4, "4 × speed"]].map(([value, words]) => make("option", { value, selected: value === 1 }, words)));
  const count = make("output", {});
  replay.onchange = () => {
    scrub.value = replay.at;
    play.textContent = replay.isPlaying ? "Pause" : "Play";
    count.textContent = `${Math.floor(replay.at + 1e-6)} of ${strokes.length}`;
  };
  const close = button("Show the picture", () => { replay.pause(); picture.style.visibility = ""; canvas.hidden = true; bar.replaceChildren(again); });
  const again = button("Watch it being painted", () => openReplay(canvas, picture, bar), { className: "play" });
  bar.replaceChildren(play, scrub, speed, count, ...(told.has_picture ? [close] : []));
  globalThis.replay = replay;
  replay.play();
  play.focus();
}

function deeds(error) {
  const { id, can, request } = told;
  const toEasel = async (verb) => {
    try {
      const answer = await ask("POST", `/paintings/${id}/${verb}`, verb === "again" ? {} : undefined);
      await watch([verb === "again" ? answer.paintings[0].id : id]);
      location.hash = "#/";
    } catch (problem) {
      showError(error, problem.message);
    }
  };
  const made = [];
  if (can.includes("continue")) made.push(button("Go on", () => toEasel("continue"), { className: "primary" }));
  if (canStart() && told.has_picture) {
    made.push(button("Go on from here", () => { fill(request); startFrom(told); location.hash = "#/"; focusWords(); }));
  }
  if (canStart("keep") && canStart() && told.has_picture) made.push(button("Repaint a part", () => repaint()));
  if (can.includes("again")) made.push(button("Again with another seed", () => toEasel("again")));
  made.push(button("Use these choices", () => { fill(request); location.hash = "#/"; focusWords(); }));
  if (["waiting", "painting", "finishing"].includes(told.state)) {
    made.push(button("Watch it at the easel", async () => { await watch([id]); location.hash = "#/"; }));
  }
  if (can.includes("remove")) made.push(removal(id, error));
  return make("div", { className: "deeds" }, made);
}

/** Asks once more before a painting is taken away. */
function removal(id, error) {
  const first = button("Take it off the wall", () => {
    first.replaceWith(sure);
    sure.focus();
  }, { className: "quiet" });
  const sure = button("Yes, take it off (its files are kept aside)", async () => {
    try {
      await ask("DELETE", `/paintings/${id}`);
      location.hash = "#/gallery";
    } catch (problem) {
      showError(error, problem.message);
    }
  }, { className: "danger", onblur: () => sure.replaceWith(first) });
  return first;
}

/** Brush over what shall be painted anew. */
function repaint() {
  const paper = byId("painting").querySelector(".paper");
  const picture = paper.querySelector("img");
  const mask = new Mask(picture);
  paper.append(mask.canvas);
  const width = make("input", { type: "range", min: 2, max: 40, value: 12, "aria-label": "How wide the brush is", oninput: () => (mask.width = width.value / 100) });
  const halves = [["upper", 0, 0, 1, 0.5], ["lower", 0, 0.5, 1, 0.5], ["left", 0, 0, 0.5, 1], ["right", 0.5, 0, 0.5, 1]];
  const bar = byId("painting").querySelector(".player");
  const had = [...bar.children];
  const end = () => { mask.canvas.remove(); bar.replaceChildren(...had); };
  bar.replaceChildren(make("span", { className: "hint" }, "Brush over what shall be painted anew:"), width,
    ...halves.map(([words, ...box]) => button(`${words} half`, () => mask.half(...box), { className: "quiet" })),
    button("Clear", () => mask.clear(), { className: "quiet" }),
    button("Paint this part", async () => {
      if (mask.isEmpty) return;
      fill(told.request);
      startFrom(told, await mask.blob());
      end();
      location.hash = "#/";
      focusWords();
    }, { className: "primary" }),
    button("Leave it", end));
}

/** Everything that it can become: as usual at a click, or with choices of one's own. */
function files(error) {
  if (!told.has_picture || !["done", "stopped"].includes(told.state)) return "";
  const fetchFile = async (button, name, choices = {}) => {
    button.disabled = true;
    button.classList.add("busy");
    showError(error, "");
    try {
      await download(`/paintings/${told.id}/files/${name}?${new URLSearchParams(choices)}`);
    } catch (problem) {
      showError(error, problem.message);
      error.scrollIntoView({ block: "nearest" });
    }
    button.disabled = false;
    button.classList.remove("busy");
  };
  const made = ({ name, about }) => {
    const one = button("", () => fetchFile(one, name), { className: "file", data: { export: name } });
    one.append(make("b", {}, name.toUpperCase()), make("span", {}, about));
    return one;
  };
  const [often, seldom] = [true, false].map((is) => exportsKnown().filter(({ name }) => OFTEN.includes(name) === is));
  return make("section", { className: "take" }, make("h2", {}, "Take it home"),
    make("div", { className: "files" }, often.map(made)),
    make("details", { className: "drawer" }, make("summary", {}, "More kinds of files"), make("div", { className: "files" }, seldom.map(made))),
    ownFile(fetchFile));
}

function ownFile(fetchFile) {
  const choices = {};
  const fields = make("div", { className: "own" });
  const kinds = exportsKnown().filter(({ fields: known }) => known.length);
  const select = make("select", { id: "own-kind", onchange: () => show() }, kinds.map(({ name }) => make("option", { value: name }, name.toUpperCase())));
  const show = () => {
    for (const name in choices) delete choices[name];
    const { fields: known } = kinds.find(({ name }) => name === select.value);
    fields.replaceChildren(...known.flatMap((one) => fieldOf(one, (value) => {
      if (value === null || value === one.default) delete choices[one.name];
      else choices[one.name] = value;
    })));
  };
  show();
  const get = button("Make this file", () => fetchFile(get, select.value, choices));
  return make("details", { className: "drawer" }, make("summary", {}, "With choices of your own"),
    make("label", { htmlFor: "own-kind" }, "Kind of file"), select, fields, make("p", {}, get));
}

function recipe() {
  const early = told.state === "stopped" ? make("p", { className: "hint" }, `This one was stopped after ${told.step} of ${told.steps} steps; these paint on to the end.`) : "";
  return make("section", { className: "again" }, make("h2", {}, "The same picture elsewhere"), early,
    code("In a shell", told.command), code("In Python", told.python));
}

function code(title, text) {
  const copy = button("Copy", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 2000);
  }, { className: "quiet", "aria-label": `Copy: ${title}` });
  return make("div", { className: "code" }, make("p", { className: "line" }, make("span", {}, title), copy),
    make("pre", { tabIndex: 0, "aria-label": title }, make("code", {}, text)));
}

function curves() {
  if (!told.curve.length) return "";
  const room = make("div", { className: "curves" });
  drawCurves(room, told.curve);
  return make("section", {}, make("h2", {}, "How it came along"), room);
}
