/**
 * A stroke is drawn on a canvas of a web page: its ribbon is lain along its path.
 *
 * Lengths are fractions of the painting's shorter side; x runs right, y runs down. Ribbon, Stroke:
 * see `replay.js`.
 */

import { BODY, PAST, RIM, levelFor, levelsOf, made, sample } from "./ribbons.js";

const SEGMENTS = 24;

/**
 * Draw a stroke, or its first part, over what is on a canvas.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {Stroke} stroke
 * @param {number} scale  pixels in the painting's shorter side
 * @param {number} [part]  how much of the stroke, from its start, 0 to 1
 * @param {Ribbon} [ribbon]  its texture; one is made from the brush's name if there is none
 */
export function drawStroke(ctx, stroke, scale, part = 1, ribbon = undefined) {
  const box = boxOf(stroke, scale, ctx.canvas.width, ctx.canvas.height);
  if (box.width <= 0 || box.height <= 0 || part <= 0) return;
  const radius = Math.max(stroke.width * scale / 2, 0.35);
  const levels = levelsOf(ribbon ?? made(stroke));
  const image = new ImageData(box.width, box.height);
  const place = placesIn(box, stroke, scale, radius);
  paint(image.data, place, levels, stroke, radius, part);
  const sheet = sheetOf(box.width, box.height);
  sheet.putImageData(image, 0, 0);
  ctx.drawImage(sheet.canvas, 0, 0, box.width, box.height, box.left, box.top, box.width, box.height);
}

/** Where a stroke may leave paint, in whole pixels, within the canvas. */
function boxOf(stroke, scale, width, height) {
  const points = pointsOf(stroke, scale);
  const reach = PAST * 1.1 * Math.max(stroke.width * scale / 2, 0.35) + 1;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x), right = Math.max(right, x);
    top = Math.min(top, y), bottom = Math.max(bottom, y);
  }
  left = Math.max(Math.floor(left - reach), 0), top = Math.max(Math.floor(top - reach), 0);
  right = Math.min(Math.ceil(right + reach), width);
  bottom = Math.min(Math.ceil(bottom + reach), height);
  return { left, top, width: right - left, height: bottom - top };
}

/** Points along a stroke's path, in pixels. */
export function pointsOf(stroke, scale) {
  const [start, control, end] = stroke.path;
  return Array.from({ length: SEGMENTS + 1 }, (_, index) => {
    const t = index / SEGMENTS, s = 1 - t;
    const [a, b, c] = [s * s * scale, 2 * s * t * scale, t * t * scale];
    return [
      a * start[0] + b * control[0] + c * end[0],
      a * start[1] + b * control[1] + c * end[1],
    ];
  });
}

let [nearest, along, across] = [0, 0, 0].map(() => new Float32Array(1 << 16));

/**
 * Where each pixel of a box lies on a stroke's ribbon: along it from 0 to 1, and across it in
 * radii; across is infinite off the ribbon.
 */
function placesIn(box, stroke, scale, radius) {
  const size = box.width * box.height;
  if (nearest.length < size) {
    [nearest, along, across] = [0, 0, 0].map(() => new Float32Array(size));
  }
  nearest.fill(Infinity, 0, size);
  across.fill(Infinity, 0, size);
  const segments = segmentsOf(pointsOf(stroke, scale), radius);
  for (const segment of segments) placeSegment(box, segment, radius);
  return { along, across, size };
}

/** The straight pieces of a path: where each starts, which way it runs, and how far it counts. */
function segmentsOf(points, radius) {
  const made = [];
  let passed = 0;
  for (let i = 0; i < SEGMENTS; i++) {
    const [[x, y], [toX, toY]] = [points[i], points[i + 1]];
    const long = Math.max(Math.hypot(toX - x, toY - y), 1e-9);
    made.push({ x, y, ux: (toX - x) / long, uy: (toY - y) / long, long, passed, total: 0 });
    passed += long;
  }
  made.forEach((segment, i) => {
    const [before, after] = [made[i - 1], made[i + 1]];
    segment.total = passed;
    segment.isFirst = !before;
    segment.isLast = !after;
    segment.back = (before ? turnOf(before, segment) * RIM : PAST * 1.1) * radius + 1;
    segment.ahead = (after ? turnOf(segment, after) * RIM : PAST * 1.1) * radius + 1;
  });
  return made;
}

/** How much two pieces turn, at least a little: the sine of the angle, 1 if it is a sharp one. */
function turnOf(one, other) {
  const along = one.ux * other.ux + one.uy * other.uy;
  return along <= 0 ? 1 : Math.max(Math.abs(one.ux * other.uy - one.uy * other.ux), 0.1);
}

/** Let one piece of the path claim the pixels that are nearest to it. */
function placeSegment(box, segment, radius) {
  const { x, y, ux, uy, long, passed, total, isFirst, isLast, back, ahead } = segment;
  const side = RIM * radius + 1;
  const cornersY = [-back, long + ahead].flatMap((far) => [far * uy - side * ux, far * uy + side * ux]);
  const top = Math.max(Math.floor(y + Math.min(...cornersY) - box.top), 0);
  const bottom = Math.min(Math.ceil(y + Math.max(...cornersY) - box.top) + 1, box.height);
  for (let row = top; row < bottom; row++) {
    const dy = row + box.top + 0.5 - y;
    let [low, high] = between(-back - dy * uy, long + ahead - dy * uy, ux);
    const [left, right] = between(dy * ux - side, dy * ux + side, uy);
    low = Math.max(low, left), high = Math.min(high, right);
    const first = Math.max(Math.floor(low + x - box.left - 0.5), 0);
    const last = Math.min(Math.ceil(high + x - box.left - 0.5) + 1, box.width);
    for (let column = first; column < last; column++) {
      const dx = column + box.left + 0.5 - x;
      const far = dx * ux + dy * uy, aside = dy * ux - dx * uy;
      const over = far < 0 ? -far : far > long ? far - long : 0;
      const square = over * over + aside * aside;
      const at = row * box.width + column;
      if (square >= nearest[at]) continue;
      nearest[at] = square;
      if (over === 0 || (isFirst && far < 0) || (isLast && far > long)) {
        across[at] = aside / radius;
        along[at] = placeAlong(passed + far, total, radius);
      } else {
        across[at] = (aside < 0 ? -1 : 1) * Math.sqrt(square) / radius;
        along[at] = placeAlong(passed + (far < 0 ? 0 : long), total, radius);
      }
    }
  }
}

/** Between which values of x the product of x and a factor lies between two bounds. */
function between(low, high, factor) {
  if (Math.abs(factor) < 1e-9) return low <= 0 && high >= 0 ? [-Infinity, Infinity] : [1, 0];
  return factor > 0 ? [low / factor, high / factor] : [high / factor, low / factor];
}

/** From 0 to 1 along a ribbon, of what lies so far along a path, or before or past it. */
function placeAlong(far, total, radius) {
  const cap = (1 - BODY) / 2;
  if (far < 0) return cap + far / (PAST * radius) * cap;
  if (far > total) return 1 - cap + (far - total) / (PAST * radius) * cap;
  return cap + far / total * BODY;
}

/** Fill an image with a stroke's paint, texture by texture pixel. */
function paint(data, { along, across, size }, levels, stroke, radius, part) {
  const [red, green, blue] = channelsOf(stroke.color);
  const opacity = stroke.opacity ?? 1;
  const level = levels[levelFor(levels, radius)];
  const shown = part >= 1 ? Infinity : part;
  for (let at = 0; at < size; at++) {
    if (Math.abs(across[at]) > RIM || along[at] < 0 || along[at] > 1 || along[at] > shown) continue;
    const cover = sample(level, along[at], (across[at] / RIM + 1) / 2);
    data[4 * at] = red, data[4 * at + 1] = green, data[4 * at + 2] = blue;
    data[4 * at + 3] = cover * opacity;
  }
}

export function distanceTo(points, x, y) {
  let least = Infinity;
  for (let i = 1; i < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const [dx, dy] = [bx - ax, by - ay];
    const t = ((x - ax) * dx + (y - ay) * dy) / Math.max(dx * dx + dy * dy, 1e-9);
    const share = Math.min(Math.max(t, 0), 1);
    least = Math.min(least, Math.hypot(ax + share * dx - x, ay + share * dy - y));
  }
  return least;
}

function channelsOf(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

export function sheet(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d", { willReadFrequently: true });
}

let spare = null;

/** A canvas to draw one stroke on, used again and again. */
function sheetOf(width, height) {
  if (!spare || spare.canvas.width < width || spare.canvas.height < height) {
    const [high, wide] = [spare?.canvas.height ?? 0, spare?.canvas.width ?? 0];
    spare = sheet(Math.max(width, wide), Math.max(height, high));
  }
  spare.clearRect(0, 0, width, height);
  return spare;
}
