const { record, ribbons, ribbonOf } = JSON.parse(document.getElementById("data").textContent);
const painting = paintingOf(record, ribbons, ribbonOf);
const [picture, mark, card, room, frame] = ["picture", "mark", "card", "room", "frame"].map(byId);
const [play, scrub, count, speed] = ["play", "scrub", "count", "speed"].map(byId);
const MOST_PX = 4e6;

function byId(id) {
  return document.getElementById(id);
}

const size = fitted();
[picture.width, picture.height] = size.pixels;
const replay = await Replay.open(picture, painting);
const usual = replay.pace;
let under = -1;

/** How large the picture is on the page, and how many pixels it has. */
function fitted() {
  const wide = Math.max(room.clientWidth - 40, 80), high = Math.max(room.clientHeight - 24, 80);
  const scale = Math.min(wide / painting.width, high / painting.height);
  const shown = [painting.width * scale, painting.height * scale];
  const dense = Math.min(devicePixelRatio || 1, 2, Math.sqrt(MOST_PX / (shown[0] * shown[1])));
  return { shown, pixels: shown.map((side) => Math.max(1, Math.round(side * dense))) };
}

function fit() {
  const { shown, pixels } = fitted();
  for (const canvas of [picture, mark]) {
    canvas.style.width = `${shown[0]}px`;
    canvas.style.height = `${shown[1]}px`;
  }
  [mark.width, mark.height] = pixels;
  replay.resize(...pixels);
}

function tell() {
  const whole = Math.floor(replay.at + 1e-9);
  if (document.activeElement !== scrub || replay.isPlaying) scrub.value = replay.at;
  const words = `${whole} of ${replay.count}`;
  if (count.value !== words) count.value = words;
  play.textContent = replay.isPlaying ? "❚❚" : "▶";
  play.setAttribute("aria-label", replay.isPlaying ? "Pause" : "Play");
}

function toggle() {
  if (replay.isPlaying) replay.pause();
  else replay.play();
}

function step(by) {
  replay.pause();
  replay.seek(Math.round(replay.at) + by);
}

function faster(by) {
  const at = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
  speed.selectedIndex = at;
  replay.pace = usual * Number(speed.value);
}

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
}

/** Mark a stroke and tell its numbers beside the pointer; -1 takes both away. */
function pick(index, x, y) {
  const ctx = mark.getContext("2d");
  if (index !== under) {
    under = index;
    ctx.clearRect(0, 0, mark.width, mark.height);
    if (index >= 0) outline(ctx, replay.pathOf(index));
    if (index >= 0) card.replaceChildren(...numbersOf(index));
    card.hidden = index < 0;
  }
  if (index < 0) return;
  const { width, height } = room.getBoundingClientRect();
  card.style.left = `${Math.min(x + 18, width - card.offsetWidth - 8)}px`;
  card.style.top = `${Math.min(y + 18, height - card.offsetHeight - 8)}px`;
}

function outline(ctx, points) {
  const thick = Math.max(mark.width / 400, 1.5);
  for (const [color, width] of [["#000a", 2.2 * thick], ["#fff", thick]]) {
    ctx.beginPath();
    points.forEach(([x, y], at) => (at ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.stroke();
    const [x, y] = points[0];
    ctx.beginPath();
    ctx.arc(x, y, 2.5 * thick, 0, 2 * Math.PI);
    ctx.fillStyle = color;
    ctx.fill();
  }
}

function numbersOf(index) {
  const stroke = painting.strokes[index];
  const [start, control, end] = stroke.path.map((p) => p.map((v) => v.toFixed(3)).join(", "));
  const layer = layerOf(index);
  const facts = {
    brush: `${stroke.brush}, variant ${stroke.variant}`,
    ...(layer ? { layer } : {}),
    color: stroke.color,
    radius: (stroke.width / 2).toFixed(4),
    pressure: stroke.pressure.map((value) => value.toFixed(2)).join(" to "),
    start, control, end,
  };
  const head = document.createElement("strong");
  head.textContent = `Stroke ${index + 1} of ${replay.count}`;
  const list = document.createElement("dl");
  for (const [name, value] of Object.entries(facts)) {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = name;
    told.textContent = value;
    if (name === "color") told.prepend(swatch(value));
    list.append(term, told);
  }
  return [head, list];
}

function swatch(color) {
  const made = document.createElement("i");
  made.style.background = color;
  return made;
}

/** The name of a stroke's layer, where the record tells layers apart. */
function layerOf(index) {
  let end = 0;
  for (const { name, strokes } of record.layers ?? []) {
    end += strokes;
    if (index < end) return name;
  }
  return "";
}

function hover(event) {
  const box = picture.getBoundingClientRect(), around = room.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width * picture.width;
  const y = (event.clientY - box.top) / box.height * picture.height;
  const index = replay.isPlaying ? -1 : replay.strokeAt(x, y);
  pick(index, event.clientX - around.left, event.clientY - around.top);
}

const KEYS = {
  " ": toggle, k: toggle, d: changeTheme, D: changeTheme,
  ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
  ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
  Home: () => step(-Infinity), End: () => step(Infinity),
  "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1),
};

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === speed) return;
  if (event.key === " " && event.target instanceof HTMLButtonElement) return;
  const deed = KEYS[event.key];
  if (!deed) return;
  event.preventDefault();
  pick(-1);
  deed(event);
}

const others = { guide: record.guide, seed: record.seed, steps: record.steps };
byId("facts").textContent = [
  `${replay.count} strokes of ${record.brushes.join(", ")}`,
  ...Object.entries(others).map(([name, value]) => `${name} ${value}`),
  `diavlex ${record.version}`,
].join(" · ");
document.documentElement.dataset.theme =
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
scrub.max = replay.count;
replay.onchange = tell;
play.addEventListener("click", () => (pick(-1), toggle()));
byId("theme").addEventListener("click", changeTheme);
scrub.addEventListener("input", () => {
  const wanted = Number(scrub.value);
  replay.pause();
  pick(-1);
  replay.seek(wanted);
});
speed.addEventListener("change", () => faster(0));
picture.addEventListener("pointermove", hover);
picture.addEventListener("pointerdown", hover);
picture.addEventListener("pointerleave", () => pick(-1));
document.addEventListener("keydown", press);
new ResizeObserver(() => (pick(-1), fit())).observe(room);
fit();
tell();
replay.seek(replay.count);
