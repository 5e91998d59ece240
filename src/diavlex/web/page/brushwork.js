/** Strokes drawn while they move: light curves as long as they do, real brushwork when they rest. */
import { drawStroke } from "/page/strokes.js";

const HEAD = 24;
const COLUMNS = 13;
const LOW = [0, 0, 0, -4, -4, -4, -4, -4, -4, 0, 0, 0];
const SPAN = [1, 1, 4, 16, 16, 16, 16, 16, 16, 1, 1, 1].map((span) => span / 65535);
const FPS = 10;
/** Share of one core's time, for each core there is, that real brushwork may take while strokes move. */
const SHARE = 0.05;
const CORES = navigator.hardwareConcurrency || 2;
const FAR = 0.3;
/** How light curves stand for a brush's strokes: width in radii, cover, ends, and how much bristles show. */
const TOUCH = {
  oil: { wide: 1.95, cover: 1, cap: "butt", bristles: 0.05 },
  loaded: { wide: 2, cover: 1, cap: "butt", bristles: 0.04 },
  dry: { wide: 1.9, cover: 0.7, cap: "butt", bristles: 0.1 },
  flat: { wide: 1.9, cover: 1, cap: "butt", bristles: 0 },
  charcoal: { wide: 1.7, cover: 0.6, cap: "round", bristles: 0.08 },
  ink: { wide: 1.5, cover: 1, cap: "round", bristles: 0 },
  round: { wide: 1.7, cover: 0.95, cap: "round", bristles: 0 },
  wash: { wide: 1.9, cover: 0.32, cap: "round", bristles: 0 },
};

/** A frame of the server: whose strokes, which step, and twelve numbers and a mark a stroke. */
export function readFrame(buffer) {
  const view = new DataView(buffer);
  const id = String.fromCharCode(...new Uint8Array(buffer, 0, 12));
  const [step, steps, count] = [12, 16, 20].map((at) => view.getUint32(at, true));
  const raw = new Uint16Array(buffer, HEAD, count * COLUMNS);
  const rows = new Float32Array(count * 12);
  const marks = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 12; k++) rows[12 * i + k] = LOW[k] + SPAN[k] * raw[COLUMNS * i + k];
    marks[i] = raw[COLUMNS * i + 12];
  }
  return { id, step, steps, count, rows, marks };
}

/** The strokes of a frame as the replay takes them. */
export function strokesOf({ rows, marks, count }, brushes) {
  return Array.from({ length: count }, (_, i) => {
    const at = 12 * i;
    return {
      path: [[rows[at + 7], rows[at + 8]], [rows[at + 3], rows[at + 4]], [rows[at + 5], rows[at + 6]]],
      width: 2 * rows[at + 2],
      color: hex(rows, at + 9),
      brush: brushes[marks[i] >> 8],
      variant: marks[i] & 255,
      pressure: [rows[at], rows[at + 1]],
    };
  });
}

/** A canvas on which strokes can be watched. */
export class Brushwork {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{width: number, height: number, background: string, brushes: string[]}} sheet
   */
  constructor(canvas, sheet) {
    Object.assign(this, { canvas, sheet });
    this.isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.isResting = false;
    this.textured = 0;
    /** Pictures drawn so far, for whoever measures. */
    this.count = 0;
    this.fit();
    this.clear();
  }

  /** As many pixels as the canvas takes on the page, up to those of the painting. */
  fit() {
    const { width, height } = this.sheet;
    const dense = Math.min(devicePixelRatio || 1, 2);
    const room = this.canvas.clientWidth * dense || width;
    const wide = Math.max(32, Math.round(Math.min(room, Math.max(width, 480), 1400)));
    const high = Math.max(8, Math.round((wide * height) / width));
    if (wide !== this.canvas.width || high !== this.canvas.height) [this.canvas.width, this.canvas.height] = [wide, high];
    this.ctx = this.canvas.getContext("2d");
    this.scale = (wide / width) * Math.min(width, height);
  }

  /** Bare paper. */
  clear() {
    this.ctx.globalAlpha = 1;
    this.ctx.fillStyle = this.sheet.background;
    this.ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** Take in newer strokes. */
  take(frame) {
    const now = performance.now();
    const isLike = this.to?.count === frame.count && !this.isStill;
    this.from = isLike ? this.between(now) : null;
    this.pause = this.arrived ? Math.min(now - this.arrived, 1500) : 0;
    this.arrived = now;
    this.to = frame;
    this.isResting = false;
    this.#run();
  }

  /** The strokes will not move for now: draw them as they really are. */
  rest() {
    if (!this.to || this.isResting) return;
    this.isResting = true;
    this.#paint(++this.turn, strokesOf(this.to, this.sheet.brushes), 0);
  }

  /** Strokes that do not move, drawn once. */
  show(frame) {
    this.to = frame;
    this.rest();
  }

  /** Where the strokes are on their way from one frame to the next. */
  between(now) {
    const share = this.from && this.pause ? Math.min((now - this.arrived) / this.pause, 1) : 1;
    if (share >= 1) return this.to.rows;
    const [a, b] = [this.from, this.to.rows];
    const rows = new Float32Array(b.length);
    for (let at = 0; at < b.length; at += 12) {
      const jumps = Math.abs(a[at + 5] - b[at + 5]) + Math.abs(a[at + 6] - b[at + 6]) > FAR;
      const mine = jumps ? Math.round(share) : share;
      for (let k = at; k < at + 12; k++) rows[k] = a[k] + mine * (b[k] - a[k]);
    }
    return rows;
  }

  turn = 0;

  /** Draw now and then, and wait without a frame of the page in between: those cost time, too. */
  #run() {
    this.turn += 1;
    if (this.isRunning) return;
    this.isRunning = true;
    const move = () => {
      if (this.isResting || !this.canvas.isConnected) return void (this.isRunning = false);
      const now = performance.now();
      const isThere = now - this.arrived >= this.pause;
      if (isThere && this.shown === this.to) return void (this.isRunning = false);
      if (!document.hidden) {
        this.#draw(now);
        this.shown = isThere ? this.to : null;
      }
      setTimeout(() => requestAnimationFrame(move), 1000 / FPS - (performance.now() - now));
    };
    requestAnimationFrame(move);
  }

  #draw(now) {
    this.fit();
    this.count += 1;
    const rows = this.between(now);
    const strokes = { ...this.to, rows };
    const start = performance.now();
    if (this.textured * FPS <= SHARE * CORES * 1000 && this.#mayTexture()) {
      this.clear();
      for (const stroke of strokesOf(strokes, this.sheet.brushes)) drawStroke(this.ctx, stroke, this.scale);
      this.textured = performance.now() - start;
    } else this.#sketch(strokes);
  }

  /** On few cores brushwork is never tried: even one try would hold up what is being painted. */
  #mayTexture() {
    return CORES > 4 && this.to.count <= 2000;
  }

  /** Light curves: about a thirtieth of the work of brushwork. */
  #sketch({ rows, marks }) {
    this.clear();
    const { ctx, scale } = this;
    for (let at = 0; at < rows.length; at += 12) {
      const touch = TOUCH[this.sheet.brushes[marks[at / 12] >> 8]] ?? TOUCH.oil;
      const press = (rows[at] + rows[at + 1]) / 2;
      const [x, y, cx, cy, ex, ey] = [7, 8, 3, 4, 5, 6].map((k) => rows[at + k] * scale);
      const wide = Math.max(rows[at + 2] * touch.wide * scale, 0.7);
      ctx.lineCap = touch.cap;
      ctx.globalAlpha = touch.cover * (0.86 + 0.12 * press);
      this.#curve(hex(rows, at + 9), wide, x, y, cx, cy, ex, ey);
      if (!touch.bristles || wide < 7) continue;
      const long = Math.hypot(ex - x, ey - y) || 1;
      const [nx, ny] = [(-(ey - y) / long) * wide * 0.27, ((ex - x) / long) * wide * 0.27];
      ctx.globalAlpha = touch.bristles;
      this.#curve("#fff", wide * 0.1, x + nx, y + ny, cx + nx, cy + ny, ex + nx, ey + ny);
      this.#curve("#000", wide * 0.13, x - nx, y - ny, cx - nx, cy - ny, ex - nx, ey - ny);
    }
    ctx.globalAlpha = 1;
  }

  #curve(color, wide, x, y, cx, cy, ex, ey) {
    const { ctx } = this;
    ctx.strokeStyle = color;
    ctx.lineWidth = wide;
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.quadraticCurveTo(cx, cy, ex, ey);
    ctx.stroke();
  }

  /** Real brushwork, a few strokes at a time, so that the page does not stand still. */
  #paint(turn, strokes, first) {
    if (turn !== this.turn || !this.canvas.isConnected) return;
    if (first === 0) {
      this.fit();
      this.hidden = document.createElement("canvas");
      [this.hidden.width, this.hidden.height] = [this.canvas.width, this.canvas.height];
      const ctx = this.hidden.getContext("2d");
      ctx.fillStyle = this.sheet.background;
      ctx.fillRect(0, 0, this.hidden.width, this.hidden.height);
    }
    const start = performance.now();
    const ctx = this.hidden.getContext("2d");
    let at = first;
    while (at < strokes.length && performance.now() - start < 14) drawStroke(ctx, strokes[at++], this.scale);
    if (at < strokes.length) return void setTimeout(() => this.#paint(turn, strokes, at), 4);
    this.ctx.drawImage(this.hidden, 0, 0);
    this.count += 1;
  }
}

function hex(rows, at) {
  const level = (value) => Math.round(255 * Math.min(Math.max(value, 0), 1));
  const number = (level(rows[at]) << 16) | (level(rows[at + 1]) << 8) | level(rows[at + 2]);
  return `#${number.toString(16).padStart(6, "0")}`;
}
