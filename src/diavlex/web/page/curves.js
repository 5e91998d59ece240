/** A curve a term: how each score has changed over the steps. */
import { make } from "./make.js";

const WIDE = 160, HIGH = 34;
const NAMES = { likeness: "Likeness to your words", loss: "Still to improve, in all" };
const SVG = "http://www.w3.org/2000/svg";

/** Draw curves into a place, from points [step, {name: value}]. */
export function drawCurves(place, points) {
  const names = [...new Set(points.flatMap(([, scores]) => Object.keys(scores)))];
  const known = new Map([...place.children].map((child) => [child.dataset.name, child]));
  for (const name of names) {
    if (!known.has(name)) place.append(curve(name));
    update([...place.children].find((child) => child.dataset.name === name), name, points);
  }
  for (const [name, child] of known) if (!names.includes(name)) child.remove();
}

function curve(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "polyline");
  svg.append(line);
  const title = NAMES[name] ?? name.replaceAll("_", " ");
  return make("figure", { className: "curve", data: { name } }, make("figcaption", {}, title, make("output")), svg);
}

function update(figure, name, points) {
  const mine = points.filter(([, scores]) => Number.isFinite(scores[name])).map(([step, scores]) => [step, scores[name]]);
  if (!mine.length) return;
  const values = mine.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = mine.at(-1)[0] || 1;
  const line = mine.map(([step, value]) => {
    const x = (step / last) * (WIDE - 4) + 2;
    const y = HIGH - 3 - ((value - low) / Math.max(high - low, 1e-9)) * (HIGH - 6);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  figure.querySelector("polyline").setAttribute("points", line.join(" "));
  figure.querySelector("output").textContent = values.at(-1).toFixed(3);
}
