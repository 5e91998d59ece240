/**
 * The textures of strokes: what a brush leaves on a straight stroke, lain along any path.
 *
 * Ribbon, Stroke: see `replay.js`.
 */

/** The share of a ribbon's length that lies on the path; the rest is past its ends. */
export const BODY = 0.7;
/** How far a ribbon reaches past either end of the path, in radii of the brush. */
export const PAST = 1.3;
/** How far a ribbon reaches to either side of the path, in radii of the brush. */
export const RIM = 1.25;

/** A ribbon's cover between its pixels, along and across from 0 to 1. */
export function sample({ along, across, cover }, u, v) {
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
export function levelsOf(ribbon) {
  if (!smaller.has(ribbon)) {
    const levels = [ribbon];
    while (levels.at(-1).across >= 6) levels.push(halved(levels.at(-1)));
    smaller.set(ribbon, levels);
  }
  return smaller.get(ribbon);
}

export function levelFor(levels, radius) {
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
export function made(stroke) {
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
