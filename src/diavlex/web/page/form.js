/** The form: a few choices that everybody understands, then all others, made from the library's own. */
import { fieldOf } from "./field.js";
import { button, byId, make, segments } from "./make.js";
import { ask } from "./server.js";
import { addWishes, hasPhoto } from "./wishes.js";

const KEPT = "diavlex.choices";
const IDEAS = ["black sheep", "a lighthouse at dusk", "three apples", "a fox in the snow", "a yellow sunflower", "a boat on a lake"];
const SHAPES = [
  ["square", "Square", 1, 1], ["portrait", "Portrait, 3 to 4", 3, 4], ["landscape", "Landscape, 4 to 3", 4, 3],
  ["a-upright", "A paper (A5, A4, A3), upright", 1, Math.SQRT2], ["a-lying", "A paper (A5, A4, A3), lying", Math.SQRT2, 1],
  ["wide", "Wide, 16 to 9", 16, 9], ["scroll", "Scroll, 1 to 2", 1, 2], ["panorama", "Panorama, 3 to 1", 3, 1],
];
const SIDES = [[384, "Small"], [512, "Usual"], [768, "Large"], [1024, "Very large"]];
const PAPERS = [["#f4efe6", "Canvas"], ["#ffffff", "White"], ["#d8c3a5", "Kraft"], ["#9fb0b8", "Mist"], ["#3f4a54", "Slate"], ["#17181c", "Night"]];
const PACES = [[60, "Quick", "A fast study"], [150, "Usual", "As most paintings are made"], [400, "Patient", "Slower; more is settled"]];
/** Fields with a place of their own; all others are put into the drawers. */
const OWN = ["seed", "strokes", "steps", "brush", "guide", "size", "background"];

let told = null;
let chosen = {};
let recipe = "";
let paper = { shape: "square", side: 512 };
let wishes = null;
let onpaper = () => {};
const refreshers = [];

/** Build the form from what the server says can be asked for. */
export function openForm(choices, { onpaper: heard }) {
  told = choices;
  onpaper = heard;
  restore();
  byId("words").maxLength = choices.most_letters;
  for (const idea of IDEAS.sort(() => Math.random() - 0.5).slice(0, 3)) {
    byId("ideas").append(button(idea, () => { byId("words").value = idea; byId("words").focus(); }, { className: "idea" }));
  }
  const room = byId("choices");
  const { section, sources } = addWishes(choices.wishes, () => sizePx(), () => refresh());
  wishes = sources;
  room.replaceChildren(brushes(), strokes(), paperFields(), section("palette"), section("photo"), section("regions"), more(), drawers());
  refresh();
}

/** What the form asks for, as the API takes it. */
export async function request() {
  const body = { prompt: byId("words").value.trim(), choices: { ...chosen } };
  if (recipe) body.recipe = recipe;
  return { ...body, ...(await wishes()) };
}

/** Fill the form with a painting's own choices. */
export function fill(asked) {
  byId("words").value = asked.prompt;
  chosen = { ...asked.choices };
  recipe = asked.recipe ?? "";
  readPaper();
  refresh();
}

/** The words, in the hands of the one who types. */
export function focusWords() {
  byId("words").focus();
}

function field(name) {
  return told.fields.find((one) => one.name === name);
}

function valueOf(name) {
  return chosen[name] ?? usualOf(name);
}

/** What a choice is if nobody chooses: as the recipe says, as is usual for photos, or as always. */
function usualOf(name) {
  const ofRecipe = told.recipes.find((one) => one.name === recipe)?.choices;
  return ofRecipe?.[name] ?? (hasPhoto() ? told.photo_choices[name] : undefined) ?? field(name).default;
}

/** Choose; the usual value is no choice. */
function set(name, value) {
  if (value === usualOf(name) || value === null) delete chosen[name];
  else chosen[name] = value;
  refresh();
}

function refresh() {
  for (const one of refreshers) one();
  const [width, height] = sizePx();
  onpaper({ width, height, background: valueOf("background") });
  localStorage.setItem(KEPT, JSON.stringify({ chosen, recipe, words: byId("words").value }));
}

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    const known = (name) => told.fields.some((one) => one.name === name);
    chosen = Object.fromEntries(Object.entries(kept.chosen ?? {}).filter(([name]) => known(name)));
    recipe = told.recipes.some((one) => one.name === kept.recipe) ? kept.recipe : "";
    byId("words").value = kept.words ?? "";
  } catch {
    chosen = {};
  }
  readPaper();
  byId("words").addEventListener("change", refresh);
}

function readPaper() {
  const [wide, high] = sizePx();
  const near = SHAPES.find(([, , a, b]) => Math.abs(a / b / (wide / high) - 1) < 0.02);
  paper = { shape: near?.[0] ?? "own", side: Math.min(wide, high) };
}

function sizePx() {
  return String(valueOf("size")).split("x").map(Number);
}

function group(title, ...children) {
  return make("fieldset", { className: "field" }, make("legend", {}, title), ...children);
}

function brushes() {
  const room = make("div", { className: "brushes" });
  const swatches = new Map();
  for (const { name, about } of told.brushes) {
    const swatch = make("span", { className: "swatch", "aria-hidden": true });
    swatches.set(name, swatch);
    const input = make("input", { type: "radio", name: "brush", value: name, onchange: () => set("brush", pair(name, second.value)) });
    room.append(make("label", { className: "brush", title: about }, input, swatch, make("span", {}, name)));
  }
  const second = make("select", { id: "second-brush", onchange: () => set("brush", pair(first(), second.value)) },
    make("option", { value: "" }, "the same brush"),
    told.brushes.map(({ name }) => make("option", { value: name }, name)));
  const first = () => String(valueOf("brush")).split(",")[0];
  showSwatches(swatches, told.brushes, 30);
  refreshers.push(() => {
    const names = String(valueOf("brush")).split(",");
    for (const input of room.querySelectorAll("input")) input.checked = input.value === names[0];
    second.value = names.length > 1 ? names.at(-1) : "";
  });
  return group("Brush", room, make("label", { className: "line" }, "Small strokes with ", second));
}

function pair(first, second) {
  return second && second !== first ? `${first},${second}` : first;
}

/** What the brushes do, as soon as the server has drawn it; until then their names are enough. */
async function showSwatches(swatches, brushes, tries) {
  for (const { name, has_swatch: has } of brushes) {
    const swatch = swatches.get(name);
    if (!has || swatch.classList.contains("drawn")) continue;
    for (const side of ["maskImage", "webkitMaskImage"]) swatch.style[side] = `url("/brushes/${encodeURIComponent(name)}")`;
    swatch.classList.add("drawn");
  }
  if (!tries || brushes.every(({ has_swatch: has }) => has)) return;
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await showSwatches(swatches, (await ask("GET", "/choices")).brushes, tries - 1).catch(() => {});
}

function strokes() {
  const { low, high } = field("strokes");
  const most = Math.min(high, 4000), least = Math.max(low, 20);
  const at = (value) => Math.log(value / least) / Math.log(most / least);
  const round = (value) => Number(value.toPrecision(value < 100 ? 1 : 2));
  const slider = make("input", { type: "range", id: "strokes", min: 0, max: 100, "aria-describedby": "strokes-told",
    oninput: () => set("strokes", round(least * (most / least) ** (slider.value / 100))) });
  const output = make("output", { id: "strokes-told", htmlFor: "strokes" });
  const pace = make("div", { className: "segments", role: "radiogroup", "aria-label": "How long it is worked on" });
  segments(pace, "pace", PACES, 0, (steps) => set("steps", steps));
  refreshers.push(() => {
    const value = valueOf("strokes");
    if (round(least * (most / least) ** (slider.value / 100)) !== value) slider.value = 100 * at(value);
    slider.setAttribute("aria-valuetext", `${value} strokes`);
    output.textContent = `${value} strokes: ${value < 120 ? "bold" : value < 700 ? "as usual" : value < 1800 ? "fine" : "very fine"}`;
    for (const input of pace.querySelectorAll("input")) input.checked = Number(input.value) === valueOf("steps");
  });
  return group("Strokes", make("label", { className: "line", htmlFor: "strokes" }, "Few and bold, or many and fine"), slider, output, pace);
}

function paperFields() {
  const shapes = make("div", { className: "shapes" });
  for (const [name, words, wide, high] of SHAPES) {
    const glyph = make("span", { className: "shape", "aria-hidden": true });
    glyph.style.aspectRatio = `${wide} / ${high}`;
    glyph.style[wide >= high ? "width" : "height"] = "100%";
    const input = make("input", { type: "radio", name: "shape", value: name, "aria-label": words, onchange: () => { paper.shape = name; setSize(); } });
    shapes.append(make("label", { title: words }, input, make("span", { className: "mount" }, glyph)));
  }
  const side = make("select", { id: "side", "aria-label": "Size of the picture", onchange: () => { paper.side = Number(side.value); setSize(); } });
  const colors = make("div", { className: "papers" });
  for (const [color, words] of PAPERS) {
    const input = make("input", { type: "radio", name: "paper", value: color, "aria-label": words, onchange: () => set("background", color) });
    const dot = make("span", { className: "dot", "aria-hidden": true });
    dot.style.background = color;
    colors.append(make("label", { title: words }, input, dot));
  }
  const own = make("input", { type: "color", "aria-label": "Another color", title: "Another color", oninput: () => set("background", own.value) });
  colors.append(own);
  refreshers.push(() => {
    for (const input of shapes.querySelectorAll("input")) input.checked = input.value === paper.shape;
    const sides = SIDES.some(([px]) => px === paper.side) ? SIDES : [...SIDES, [paper.side, "As chosen"]];
    side.replaceChildren(...sides.map(([px, words]) => {
      const [wide, high] = sizeOf(paper.shape, px);
      return make("option", { value: px, selected: px === paper.side }, `${words}: ${wide} × ${high}`);
    }));
    const color = String(valueOf("background"));
    for (const input of colors.querySelectorAll("[type=radio]")) input.checked = input.value === color;
    if (/^#[0-9a-f]{6}$/i.test(color)) own.value = color;
  });
  return group("Paper", shapes, side, colors);
}

function sizeOf(shape, side) {
  const found = SHAPES.find(([name]) => name === shape);
  const [now, then] = sizePx();
  const [wide, high] = found ? found.slice(2) : [now, then];
  const short = Math.min(wide, high);
  return [wide, high].map((part) => 2 * Math.round((part / short) * side / 2));
}

function setSize() {
  set("size", sizeOf(paper.shape, paper.side).join("x"));
}

function more() {
  const seed = make("input", { type: "number", id: "seed", min: 0, max: field("seed").high, step: 1, "aria-describedby": "seed-told",
    onchange: () => set("seed", seed.value === "" ? null : Math.trunc(Number(seed.value))) });
  const dice = button("Another", () => set("seed", Math.floor(Math.random() * 100000)), { "aria-label": "Another seed" });
  const lines = [make("label", { htmlFor: "seed" }, "Seed"), make("span", { className: "line" }, seed, dice),
    make("p", { className: "hint", id: "seed-told" }, "The same seed gives the same painting.")];
  const guide = choice("guide", "Guide", told.guides.map(({ name, about }) => [name, name, about]), "Who compares the canvas with your words.");
  lines.push(...guide);
  if (told.recipes.length) {
    const select = make("select", { id: "recipe", onchange: () => { recipe = select.value; refresh(); } },
      make("option", { value: "" }, "none"), told.recipes.map(({ name }) => make("option", { value: name }, name)));
    lines.push(make("label", { htmlFor: "recipe" }, "Recipe"), select, make("p", { className: "hint" }, "Choices that go together."));
    refreshers.push(() => (select.value = recipe));
  }
  refreshers.push(() => (seed.value = valueOf("seed")));
  return group("Chance and judgement", ...lines);
}

function choice(name, words, options, hint) {
  const select = make("select", { id: name, "aria-describedby": `${name}-told`, onchange: () => set(name, select.value) },
    options.map(([value, label, about]) => make("option", { value, title: about }, label)));
  refreshers.push(() => {
    const value = String(valueOf(name));
    if (![...select.options].some((option) => option.value === value)) select.append(make("option", { value }, value));
    select.value = value;
  });
  return [make("label", { htmlFor: name }, words), select, make("p", { className: "hint", id: `${name}-told` }, hint)];
}

/** Everything else, made from the library's own fields, bounds and headings. */
function drawers() {
  const rest = told.fields.filter((one) => !OWN.includes(one.name));
  const groups = Map.groupBy ? Map.groupBy(rest, (one) => one.group) : rest.reduce((all, one) => all.set(one.group, [...(all.get(one.group) ?? []), one]), new Map());
  const count = make("span", { className: "count" });
  const reset = button("All as usual again", () => { chosen = {}; recipe = ""; readPaper(); refresh(); }, { className: "quiet" });
  refreshers.push(() => {
    const changed = rest.filter(({ name }) => name in chosen).length;
    count.textContent = changed ? ` (${changed} changed)` : "";
  });
  const room = make("details", { className: "drawer", id: "drawer" }, make("summary", {}, "For those who want more", count));
  for (const [title, members] of groups) {
    room.append(make("fieldset", { className: "field" }, make("legend", {}, title || "other"), members.flatMap(entry)));
  }
  room.append(make("p", {}, reset));
  return room;
}

function entry(one) {
  const [label, input, hint] = fieldOf(one, (value) => set(one.name, value));
  refreshers.push(() => {
    if (input === document.activeElement) return;
    if (one.kind === "flag") input.checked = valueOf(one.name);
    else input.value = valueOf(one.name) ?? "";
    input.classList.toggle("changed", one.name in chosen);
  });
  return [label, input, hint];
}

/** What a painting can become. */
export function exportsKnown() {
  return told.exports;
}
