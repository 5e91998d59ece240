/**
 * A painting is painted again, stroke by stroke, on a canvas of a web page.
 *
 * Lengths are fractions of the painting's shorter side; x runs right, y runs down.
 *
 * @typedef {object} Stroke
 * @property {number[][]} path  three points [x, y]: start, control and end of a quadratic Bezier
 * @property {number} width  diameter of the brush
 * @property {string} color  "#rrggbb"
 * @property {number} [opacity]  0 to 1; 1 if missing
 * @property {string} [brush]  its name; it chooses the texture where `ribbon` gives none
 * @property {number} [variant]  which texture of the brush
 * @property {number[]} [pressure]  at the start and at the end, 0 to 1
 * @property {number} [ribbon]  index into the painting's ribbons
 *
 * @typedef {object} Ribbon  what a brush leaves on a straight stroke
 * @property {number} along  pixels along it; the middle `BODY` of them lie on the path
 * @property {number} across  pixels across it, from -`RIM` to `RIM` radii
 * @property {Uint8Array} cover  0 to 255, row by row
 *
 * @typedef {object} Record  a painting.json of diavlex, as it was parsed
 *
 * @typedef {object} Painting
 * @property {number} width  in shorter sides or in pixels: only the ratio counts
 * @property {number} height  likewise
 * @property {?string} background  "#rrggbb", or null for none
 * @property {Stroke[]} strokes  in painting order
 * @property {{url: string, along: number, across: number, count: number}} [ribbons]
 *   a grey picture with the ribbons of the brushes below each other
 */

/** The share of a ribbon's length that lies on the path; the rest is past its ends. */
export const BODY = 0.7;
/** How far a ribbon reaches past either end of the path, in radii of the brush. */
export const PAST = 1.3;
/** How far a ribbon reaches to either side of the path, in radii of the brush. */
export const RIM = 1.25;

const SEGMENTS = 24;
const MOST_SNAPSHOTS = 24;
const FRAME_MS = 12;

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

/** A painting on a canvas at some moment of being painted, which can move on by itself. */
export class Replay {
  /**
   * @param {HTMLCanvasElement} canvas  its width and height in pixels decide the picture's
   * @param {Painting} painting
   * @param {Ribbon[]} [ribbons]  textures that the strokes refer to
   */
  constructor(canvas, painting, ribbons = []) {
    this.canvas = canvas;
    this.painting = painting;
    this.ribbons = ribbons;
    /** Strokes a second while it plays. */
    this.pace = Math.max(painting.strokes.length / 12, 1);
    /** Strokes shown so far; the fraction is how much of the next one. */
    this.at = 0;
    /** Whether it moves on by itself. */
    this.isPlaying = false;
    this.isRunning = false;
    this.goal = null;
    this.last = 0;
    /** Called with this replay after each change. */
    this.onchange = () => {};
    this.#begin();
  }

  /**
   * A replay with the textures of its painting read.
   *
   * @param {HTMLCanvasElement} canvas
   * @param {Painting} painting
   */
  static async open(canvas, painting) {
    return new Replay(canvas, painting, await readRibbons(painting.ribbons));
  }

  /** How many strokes there are. */
  get count() {
    return this.painting.strokes.length;
  }

  /** Show the painting after so many strokes; a fraction shows part of the next one. */
  show(at) {
    this.at = Math.min(Math.max(at, 0), this.count);
    const whole = Math.floor(this.at);
    if (whole < this.whole) this.#goBack(whole);
    while (this.whole < whole) this.#next();
    const ctx = this.canvas.getContext("2d");
    this.#copy(ctx, this.done);
    if (this.at > whole) this.#draw(ctx, whole, this.at - whole);
    this.onchange(this);
  }

  /** Show the painting after so many strokes as soon as may be, without holding up the page. */
  seek(at) {
    this.goal = Math.min(Math.max(at, 0), this.count);
    this.#run();
  }

  /** Go on painting; from the start if all is painted. */
  play() {
    if (this.at >= this.count) this.show(0);
    this.isPlaying = true;
    this.goal = null;
    this.last = performance.now();
    this.onchange(this);
    this.#run();
  }

  /** Stop where it is. */
  pause() {
    this.isPlaying = false;
    this.onchange(this);
  }

  /** Another size for the canvas, in pixels; shows the same moment. */
  resize(width, height) {
    if (width === this.canvas.width && height === this.canvas.height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    const at = this.goal ?? this.at;
    this.#begin();
    this.at = 0;
    this.seek(at);
  }

  /**
   * The uppermost shown stroke at a point of the canvas.
   *
   * @returns {number} its index; -1 where there is none
   */
  strokeAt(x, y) {
    const scale = this.scale;
    for (let index = Math.ceil(this.at) - 1; index >= 0; index--) {
      const stroke = this.painting.strokes[index];
      const reach = Math.max(stroke.width * scale / 2, 2);
      if (distanceTo(pointsOf(stroke, scale), x, y) <= reach) return index;
    }
    return -1;
  }

  /** The path of a stroke in pixels of the canvas, for whoever wants to mark it. */
  pathOf(index) {
    return pointsOf(this.painting.strokes[index], this.scale);
  }

  /** Pixels in the painting's shorter side. */
  get scale() {
    const { width, height } = this.painting;
    return this.canvas.width / (width / Math.min(width, height));
  }

  #begin() {
    const { width, height } = this.canvas;
    this.done = sheet(width, height);
    this.whole = 0;
    this.every = Math.max(1, Math.ceil(this.count / MOST_SNAPSHOTS));
    this.snapshots = [];
    this.#clear();
  }

  #clear() {
    const { width, height } = this.canvas;
    this.done.clearRect(0, 0, width, height);
    if (!this.painting.background) return;
    this.done.fillStyle = this.painting.background;
    this.done.fillRect(0, 0, width, height);
  }

  #next() {
    this.#draw(this.done, this.whole, 1);
    this.whole += 1;
    const at = this.whole / this.every - 1;
    if (Number.isInteger(at) && !this.snapshots[at]) {
      const kept = sheet(this.canvas.width, this.canvas.height);
      kept.drawImage(this.done.canvas, 0, 0);
      this.snapshots[at] = kept;
    }
  }

  #goBack(whole) {
    const at = Math.floor(whole / this.every);
    this.whole = at * this.every;
    if (at > 0) this.#copy(this.done, this.snapshots[at - 1]);
    else this.#clear();
  }

  #copy(ctx, from) {
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.drawImage(from.canvas, 0, 0);
  }

  #draw(ctx, index, part) {
    const stroke = this.painting.strokes[index];
    drawStroke(ctx, stroke, this.scale, part, this.ribbons[stroke.ribbon]);
  }

  /** Move on, a frame of the page at a time, until there is nothing to move on to. */
  #run() {
    if (this.isRunning) return;
    this.isRunning = true;
    const move = (now) => {
      if (this.goal === null && !this.isPlaying) return void (this.isRunning = false);
      const passed = Math.max(now - this.last, 0) / 1000;
      this.last = now;
      this.#approach(this.goal ?? this.at + passed * this.pace);
      if (this.goal !== null && this.at === this.goal) this.goal = null;
      if (this.isPlaying && this.at >= this.count) this.pause();
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  }

  /** Show a moment, or one before it if a frame is too short for all the strokes on the way. */
  #approach(at) {
    const start = performance.now();
    const end = Math.min(at, this.count);
    if (end < this.whole) this.#goBack(Math.floor(end));
    while (this.whole + 1 <= end && performance.now() - start < FRAME_MS) this.#next();
    this.show(this.whole + 1 <= end ? this.whole : end);
  }
}

/**
 * A painting from its record, for `Replay`.
 *
 * @param {Record} record
 * @param {object} [ribbons]  see Painting
 * @param {number[]} [ribbonOf]  the ribbon of every stroke
 * @returns {Painting}
 */
export function paintingOf(record, ribbons = undefined, ribbonOf = []) {
  const at = Object.fromEntries(record.columns.map((name, index) => [name, index]));
  const strokes = record.strokes.map((row, index) => ({
    path: ["start", "control", "end"].map((point) => [row[at[`${point}_x`]], row[at[`${point}_y`]]]),
    width: 2 * row[at.size],
    color: hexOf([row[at.red], row[at.green], row[at.blue]]),
    brush: record.brushes[row[at.brush]],
    variant: row[at.variant],
    pressure: [row[at.start_pressure], row[at.end_pressure]],
    ribbon: ribbonOf[index],
  }));
  const background = hexOf(record.background);
  return { width: record.width_px, height: record.height_px, background, strokes, ribbons };
}

/**
 * The ribbons of a painting from the picture that holds them.
 *
 * @returns {Promise<Ribbon[]>}
 */
export async function readRibbons(ribbons) {
  if (!ribbons) return [];
  const image = new Image();
  image.src = ribbons.url;
  await image.decode();
  const { along, across, count } = ribbons;
  const ctx = sheet(image.width, image.height);
  ctx.drawImage(image, 0, 0);
  return Array.from({ length: count }, (_, index) => {
    const pixels = ctx.getImageData(0, index * across, along, across).data;
    const cover = Uint8Array.from({ length: along * across }, (_, at) => pixels[4 * at]);
    return { along, across, cover };
  });
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
function pointsOf(stroke, scale) {
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

/** Between which values of x the product of x and a slope lies between two bounds. */
function between(low, high, slope) {
  if (Math.abs(slope) < 1e-9) return low <= 0 && high >= 0 ? [-Infinity, Infinity] : [1, 0];
  return slope > 0 ? [low / slope, high / slope] : [high / slope, low / slope];
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

/** A ribbon's cover between its pixels, along and across from 0 to 1. */
function sample({ along, across, cover }, u, v) {
  const x = Math.min(Math.max(u * along - 0.5, 0), along - 1);
  const y = v * across - 0.5;
  const left = Math.floor(x), top = Math.floor(y);
  const right = Math.min(left + 1, along - 1);
  const above = top >= 0 ? top * along : -1, below = top + 1 < across ? (top + 1) * along : -1;
  const p = x - left, q = y - top;
  const high = above < 0 ? 0 : cover[above + left] * (1 - p) + cover[above + right] * p;
  const low = below < 0 ? 0 : cover[below + left] * (1 - p) + cover[below + right] * p;
  return high * (1 - q) + low * q;
}

const smaller = new WeakMap();

/** A ribbon, and smaller ones for strokes that are seen from afar. */
function levelsOf(ribbon) {
  if (!smaller.has(ribbon)) {
    const levels = [ribbon];
    while (levels.at(-1).across >= 6) levels.push(halved(levels.at(-1)));
    smaller.set(ribbon, levels);
  }
  return smaller.get(ribbon);
}

function levelFor(levels, radius) {
  let level = 0;
  while (level + 1 < levels.length && 2 * RIM * radius < levels[level].across * 0.75) level++;
  return level;
}

function halved({ along, across, cover }) {
  const [wide, high] = [along >> 1, across >> 1];
  const made = new Uint8Array(wide * high);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const at = 2 * y * along + 2 * x;
      made[y * wide + x] = (cover[at] + cover[at + 1] + cover[at + along] + cover[at + along + 1]) / 4;
    }
  }
  return { along: wide, across: high, cover: made };
}

/**
 * What brushes leave, for want of their own ribbons: how many bristles, how uneven they are, how
 * soft their edge is in radii, how round their ends, how grainy, and how much paint they hold.
 */
const MAKES = {
  charcoal: { bristles: 20, uneven: 0.5, edge: 0.05, round: 0, grain: 0.9, paint: 0.9 },
  dry: { bristles: 16, uneven: 1.0, edge: 0.1, round: 0, grain: 0.15, paint: 1 },
  flat: { bristles: 30, uneven: 0.04, edge: 0.08, round: 0, grain: 0, paint: 1 },
  ink: { bristles: 0, uneven: 0, edge: 0.06, round: 1, grain: 0, paint: 1 },
  loaded: { bristles: 18, uneven: 0.12, edge: 0.08, round: 0, grain: 0.02, paint: 1 },
  oil: { bristles: 28, uneven: 0.22, edge: 0.06, round: 0, grain: 0, paint: 1 },
  round: { bristles: 0, uneven: 0, edge: 0.7, round: 1, grain: 0, paint: 1 },
  wash: { bristles: 10, uneven: 0.25, edge: 0.4, round: 0.4, grain: 0.08, paint: 0.3 },
};
const MADE_ALONG = 96, MADE_ACROSS = 32;
const kept = new Map();

/** A ribbon for a stroke whose brush came without one. */
function made(stroke) {
  const make = MAKES[stroke.brush] ? stroke.brush : "oil";
  const [start, end] = (stroke.pressure ?? [0.8, 0.6]).map((p) => Math.round(p * 6) / 6);
  const key = `${make} ${stroke.variant ?? 0} ${start} ${end}`;
  if (!kept.has(key)) kept.set(key, makeRibbon(MAKES[make], stroke.variant ?? 0, start, end));
  return kept.get(key);
}

function makeRibbon(make, variant, start, end) {
  const random = randomFrom(variant * 7919 + make.bristles * 31 + 17);
  const loads = Array.from({ length: Math.max(make.bristles, 1) }, () => ({
    paint: 1 - make.uneven * random() ** 1.5,
    first: random(),
    last: random(),
  }));
  const cover = new Uint8Array(MADE_ALONG * MADE_ACROSS);
  for (let y = 0; y < MADE_ACROSS; y++) {
    const across = ((y + 0.5) / MADE_ACROSS * 2 - 1) * RIM;
    const share = (across + 1) / 2 * loads.length - 0.5;
    const near = Math.min(Math.max(Math.round(share), 0), loads.length - 1);
    for (let x = 0; x < MADE_ALONG; x++) {
      const u = (x + 0.5) / MADE_ALONG;
      const value = coverOf(make, loads[near], u, across, start, end, random());
      cover[y * MADE_ALONG + x] = 255 * Math.min(Math.max(value, 0), 1);
    }
  }
  return { along: MADE_ALONG, across: MADE_ACROSS, cover };
}

/** How much paint one bristle leaves at a place of the ribbon. */
function coverOf(make, bristle, u, across, start, end, chance) {
  const cap = (1 - BODY) / 2;
  const share = Math.min(Math.max((u - cap) / BODY, 0), 1);
  const pressure = start + (end - start) * share;
  const past = Math.max(cap - u, u - 1 + cap, 0) / cap * PAST;
  const ragged = make.bristles ? 0.05 + 0.45 * (u < 0.5 ? bristle.first : bristle.last) : 0;
  const wide = make.round ? 0.35 + 0.65 * pressure : 0.85 + 0.15 * pressure;
  const far = make.round ? Math.hypot(across, past * make.round) : Math.abs(across);
  const side = 1 - smooth(wide - make.edge, wide + make.edge * 0.3, far);
  const tip = make.round === 1 ? 1 : 1 - smooth(ragged - 0.06, ragged + 0.12, past);
  const dry = 1 - (1 - bristle.paint) * (1.3 - 0.6 * pressure);
  const grain = make.grain && chance < make.grain * (1.1 - 0.8 * pressure) ? 0.25 : 1;
  return make.paint * side * tip * dry * grain * (0.9 + 0.1 * pressure);
}

function smooth(low, high, value) {
  const share = Math.min(Math.max((value - low) / Math.max(high - low, 1e-6), 0), 1);
  return share * share * (3 - 2 * share);
}

/** Numbers from 0 to 1 that are the same each time: a linear congruence, its upper bits. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 16777216;
  };
}

function distanceTo(points, x, y) {
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

function hexOf(color) {
  const levels = color.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 255));
  return `#${levels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}

function channelsOf(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

function sheet(width, height) {
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
