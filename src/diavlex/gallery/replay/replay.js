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

import { distanceTo, drawStroke, pointsOf, sheet } from "./strokes.js";

const MOST_SNAPSHOTS = 24;
const FRAME_MS = 12;

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

function hexOf(color) {
  const levels = color.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 255));
  return `#${levels.map((level) => level.toString(16).padStart(2, "0")).join("")}`;
}
