/** Wishes beside the choices: a photo, a palette, regions with words, a part to repaint, a start. */
import { button, make, showError } from "./make.js";
import { sendPicture } from "./server.js";

const MOST_COLORS = 12, MOST_REGIONS = 8;
const FIRST_COLORS = ["#1f3a5f", "#c98a2b", "#9c3d22", "#f4efe6"];

let able = {};
let colors = null;
let paletteFrom = null;
let photo = null;
let regions = [];
let start = null;
let sizeNow = () => [1, 1];

/** Sections of the form for those wishes that the library can fulfil, and what they ask for. */
export function addWishes(wishes, size) {
  able = Object.fromEntries(Object.entries(wishes).map(([name, { is_able: isAble }]) => [name, isAble]));
  sizeNow = size;
  const made = { palette: paletteField, photo: photoField, regions: regionsField };
  return { section: (name) => (able[name] ? made[name]() : ""), sources };
}

/** Whether the library can go on from a painting, or repaint a part of one. */
export function canStart(part = "start") {
  return Boolean(able[part]);
}

/** Go on from a painting with what is asked for next; a mask says what of it shall stay. */
export function startFrom({ id, prompt }, mask = null) {
  start = { id, mask };
  const chip = make("p", { className: "chip", id: "start" },
    mask ? `Repaints a part of “${prompt}”` : `Goes on from “${prompt}”`,
    button("×", () => { start = null; chip.remove(); }, { "aria-label": "Begin anew instead" }));
  document.getElementById("start")?.remove();
  document.getElementById("ideas").before(chip);
}

async function sources() {
  const body = {};
  if (paletteFrom) body.palette = { picture: paletteFrom, count: colors?.length ?? 5 };
  else if (colors) body.palette = colors;
  if (photo) body.photo = photo;
  if (regions.length) body.regions = regions.map(({ box, words }) => ({ box, words: words.value }));
  if (start) body.start = start.id;
  if (start?.mask) body.keep = (await sendPicture(start.mask)).id;
  return body;
}

function fold(title, about, ...children) {
  const error = make("p", { className: "error", role: "alert", hidden: true });
  const room = make("details", { className: "field wish" }, make("summary", {}, title), make("p", { className: "hint" }, about), ...children, error);
  return [room, error];
}

function paletteField() {
  const wells = make("div", { className: "wells" });
  const [room, error] = fold("Palette", "Every stroke keeps to these colors. Empty: any colors.", wells);
  const picture = filePicker("Colors of a picture", async (file) => {
    paletteFrom = (await sendPicture(file)).id;
    draw();
  }, error);
  const draw = () => {
    const mine = (colors ?? []).map((color, at) => {
      const well = make("input", { type: "color", value: color, "aria-label": `Color ${at + 1}`, oninput: () => (colors[at] = well.value) });
      const away = button("×", () => { colors.splice(at, 1); if (!colors.length) colors = null; draw(); }, { "aria-label": `Take color ${at + 1} away`, className: "quiet" });
      return make("span", { className: "well" }, well, away);
    });
    const add = button("Add a color", () => {
      colors = [...(colors ?? []), FIRST_COLORS[(colors?.length ?? 0) % FIRST_COLORS.length]];
      paletteFrom = null;
      draw();
    }, { disabled: (colors?.length ?? 0) >= MOST_COLORS });
    const from = paletteFrom && make("span", { className: "chip" }, "Colors of your picture",
      button("×", () => { paletteFrom = null; draw(); }, { "aria-label": "Not from the picture" }));
    wells.replaceChildren(...[...mine, add, picture, from].filter(Boolean));
  };
  draw();
  return room;
}

function photoField() {
  const preview = make("div", { className: "preview" });
  const [room, error] = fold("From a photo", "The painting begins from your picture; the words say how it shall become.", preview);
  const take = async (file) => {
    const { id } = await sendPicture(file);
    photo = id;
    preview.replaceChildren(make("img", { src: `/pictures/${id}`, alt: "Your photo" }),
      button("Take it away", () => { photo = null; preview.replaceChildren(zone); }));
  };
  const zone = filePicker("Choose a photo, or drop one here", take, error, "drop");
  preview.append(zone);
  return room;
}

/** A button that opens a file; files may be dropped on it as well. */
function filePicker(words, take, error, kind = "") {
  const guarded = async (file) => {
    try {
      showError(error, "");
      if (file) await take(file);
    } catch (problem) {
      showError(error, problem.message);
    }
  };
  const input = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp", onchange: () => guarded(input.files[0]).then(() => (input.value = "")) });
  const label = make("label", { className: `file button ${kind}` }, input, words);
  label.addEventListener("dragover", (event) => { event.preventDefault(); label.classList.add("over"); });
  label.addEventListener("dragleave", () => label.classList.remove("over"));
  label.addEventListener("drop", (event) => {
    event.preventDefault();
    label.classList.remove("over");
    guarded(event.dataTransfer.files[0]);
  });
  return label;
}

function regionsField() {
  const plan = make("div", { className: "plan" });
  const list = make("ol", { className: "regions" });
  const add = button("Add a region", () => addRegion([0.25, 0.25, 0.5, 0.5]));
  const [room] = fold("What goes where", "Draw a rectangle on the paper and say what shall be there.", plan, list, add);
  let drag = null;
  const at = (event) => {
    const { left, top, width, height } = plan.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height].map((share) => Math.min(Math.max(share, 0), 1));
  };
  plan.addEventListener("pointerdown", (event) => {
    if (regions.length >= MOST_REGIONS) return;
    drag = { from: at(event), box: make("div", { className: "region" }) };
    plan.append(drag.box);
    plan.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  plan.addEventListener("pointermove", (event) => drag && lay(drag.box, boxOf(drag.from, at(event))));
  plan.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const box = boxOf(drag.from, at(event));
    drag.box.remove();
    drag = null;
    if (box[2] > 0.02 && box[3] > 0.02) addRegion(box);
  });
  room.addEventListener("toggle", () => {
    const [width, height] = sizeNow();
    plan.style.aspectRatio = `${width} / ${height}`;
  });

  function addRegion(box) {
    const one = { box, mark: make("div", { className: "region" }) };
    one.words = make("input", { type: "text", maxLength: 200, required: true, placeholder: "a stormy sky", "aria-label": "What shall be there" });
    const sides = ["left", "top", "width", "height"].map((name, side) => {
      const input = make("input", { type: "number", min: 0, max: 100, step: 1, value: Math.round(100 * one.box[side]), "aria-label": `${name}, percent`,
        onchange: () => { one.box[side] = Math.min(Math.max(Number(input.value), 0), 100) / 100; keepInside(one.box); lay(one.mark, one.box); } });
      return make("label", {}, name, input);
    });
    const away = button("×", () => { regions = regions.filter((other) => other !== one); one.mark.remove(); line.remove(); number(); },
      { className: "quiet", "aria-label": "Take this region away" });
    const line = make("li", {}, make("span", { className: "line" }, one.words, away), make("span", { className: "sides" }, sides));
    regions.push(one);
    plan.append(one.mark);
    list.append(line);
    lay(one.mark, box);
    number();
    one.words.focus();
  }

  function number() {
    regions.forEach(({ mark }, at) => (mark.textContent = at + 1));
    add.disabled = regions.length >= MOST_REGIONS;
  }
  return room;
}

function boxOf([x, y], [toX, toY]) {
  return [Math.min(x, toX), Math.min(y, toY), Math.abs(toX - x), Math.abs(toY - y)].map((side) => Math.round(1000 * side) / 1000);
}

function keepInside(box) {
  for (const side of [0, 1]) box[side + 2] = Math.max(0.01, Math.min(box[side + 2], 1 - Math.min(box[side], 0.99)));
}

function lay(mark, [left, top, width, height]) {
  Object.assign(mark.style, { left: `${100 * left}%`, top: `${100 * top}%`, width: `${100 * width}%`, height: `${100 * height}%` });
}

/** A mask that is brushed over a picture: what is brushed is repainted, the rest stays. */
export class Mask {
  constructor(picture) {
    this.canvas = make("canvas", { className: "mask", width: picture.naturalWidth, height: picture.naturalHeight, tabIndex: 0,
      role: "img", "aria-label": "Brush over what shall be painted anew" });
    this.ctx = this.canvas.getContext("2d");
    this.ctx.lineCap = this.ctx.lineJoin = "round";
    this.width = 0.12;
    this.isEmpty = true;
    let last = null;
    const at = (event) => {
      const { left, top, width, height } = this.canvas.getBoundingClientRect();
      return [((event.clientX - left) / width) * this.canvas.width, ((event.clientY - top) / height) * this.canvas.height];
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.line(last = at(event), last);
      event.preventDefault();
    });
    this.canvas.addEventListener("pointermove", (event) => last && this.line(last, (last = at(event))));
    this.canvas.addEventListener("pointerup", () => (last = null));
  }

  /** Brush from one point to another, in pixels. */
  line(from, to) {
    this.isEmpty = false;
    this.ctx.lineWidth = this.width * Math.min(this.canvas.width, this.canvas.height);
    this.ctx.strokeStyle = "#c0392b";
    this.ctx.beginPath();
    this.ctx.moveTo(...from);
    this.ctx.lineTo(to[0] + 0.01, to[1]);
    this.ctx.stroke();
  }

  /** Everything on one half, for those who do not use a pointer. */
  half(left, top, width, height) {
    this.isEmpty = false;
    this.ctx.fillStyle = "#c0392b";
    const { width: wide, height: high } = this.canvas;
    this.ctx.fillRect(left * wide, top * high, width * wide, height * high);
  }

  clear() {
    this.isEmpty = true;
    this.ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** As a picture: white stays, black is painted anew. */
  blob() {
    const sheet = make("canvas", { width: this.canvas.width, height: this.canvas.height });
    const ctx = sheet.getContext("2d");
    ctx.drawImage(this.canvas, 0, 0);
    const pixels = ctx.getImageData(0, 0, sheet.width, sheet.height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const level = pixels.data[at + 3] > 127 ? 0 : 255;
      pixels.data.set([level, level, level, 255], at);
    }
    ctx.putImageData(pixels, 0, 0);
    return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
  }
}
