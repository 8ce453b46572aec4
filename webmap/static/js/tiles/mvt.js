// Reading Mapbox Vector Tiles 2.1 into arrays that can be drawn and searched at once. Texts are read when asked for.

export const POINT = 1;
export const LINE = 2;
export const AREA = 3;

const WORDS = new TextDecoder();

/** Where reading has come to in a tile's bytes (protocol buffers). */
class Cursor {
  /**
   * @param {Uint8Array} bytes
   * @param {number} at
   * @param {number} end
   */
  constructor(bytes, at, end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The next whole number; exact to 2^53, as no count, colour or identifier of ours is larger. */
  number() {
    const {bytes} = this;
    let value = 0;
    let weight = 1;
    for (;;) {
      if (this.at >= this.end) throw new RangeError("vector tile ends within a number");
      const byte = bytes[this.at];
      this.at += 1;
      value += (byte & 127) * weight;
      if (byte < 128) return value;
      weight *= 128;
    }
  }

  /** A whole number that may be below zero: then it takes ten bytes, as the complement of what is missing to -1. */
  signed() {
    const {at} = this;
    const value = this.number();
    if (this.at - at < 10) return value;
    let missing = 0;
    for (let place = 8; place >= 0; place -= 1) missing = missing * 128 + (~this.bytes[at + place] & 127);
    return -missing - 1;
  }

  /** A part with a length before it. */
  part() {
    const length = this.number();
    const start = this.at;
    if (start + length > this.end) throw new RangeError("vector tile ends within a part");
    this.at += length;
    return new Cursor(this.bytes, start, start + length);
  }

  /**
   * Pass over a field that means nothing to us.
   * @param {number} wire
   */
  skip(wire) {
    if (wire === 0) this.number();
    else if (wire === 1) this.at += 8;
    else if (wire === 2) this.part();
    else if (wire === 5) this.at += 4;
    else throw new RangeError(`vector tile has a field of type ${wire}`);
  }
}

/** One layer: `length` features, their geometry in steps of `extent` a side, their attributes as numbers of values. */
export class TileLayer {
  /**
   * @param {string} name
   * @param {number} extent
   * @param {string[]} keys
   * @param {Cursor[]} values
   * @param {Cursor[]} features
   */
  constructor(name, extent, keys, values, features) {
    const n = features.length;
    this.name = name;
    this.extent = extent;
    this.length = n;
    this.keys = keys;
    this.values = values;
    /** @type {Map<number, any>} */
    this.read = new Map();
    /** The kind of geometry of each feature: POINT, LINE or AREA. */
    this.types = new Uint8Array(n);
    /** The feature's number in the tile's source. */
    this.ids = new Float64Array(n);
    /** Left, top, right, bottom of each feature. */
    this.boxes = new Int16Array(4 * n);
    /** Feature i has the rings from starts[i] to starts[i + 1]. */
    this.starts = new Uint32Array(n + 1);
    this.columns = keys.map(() => new Int32Array(n).fill(-1));
    const size = features.reduce((sum, each) => sum + each.end - each.at, 0);
    const rings = new Uint32Array(size + 1);
    const xy = new Int16Array(size);
    const filled = {rings: 0, xy: 0};
    features.forEach((feature, index) => this.take(feature, index, rings, xy, filled));
    /** Ring r has the vertices from rings[r] to rings[r + 1], two numbers of `xy` each. */
    this.rings = rings.slice(0, filled.rings + 1);
    this.rings[filled.rings] = filled.xy / 2;
    this.xy = xy.slice(0, filled.xy);
  }

  /**
   * @param {Cursor} feature
   * @param {number} index
   * @param {Uint32Array} rings
   * @param {Int16Array} xy
   * @param {{rings: number, xy: number}} filled
   */
  take(feature, index, rings, xy, filled) {
    const {at} = feature;
    while (feature.at < feature.end) {
      const tag = feature.number();
      if (tag === 8) this.ids[index] = feature.number();
      else if (tag === 18) {
        const tags = feature.part();
        while (tags.at < tags.end) {
          const key = tags.number();
          const value = tags.number();
          if (key < this.columns.length) this.columns[key][index] = value;
        }
      } else if (tag === 24) this.types[index] = feature.number();
      else if (tag === 34) this.outline(feature.part(), index, rings, xy, filled);
      else feature.skip(tag & 7);
    }
    this.starts[index + 1] = filled.rings;
    feature.at = at;
  }

  /**
   * @param {Cursor} geometry
   * @param {number} index
   * @param {Uint32Array} rings
   * @param {Int16Array} xy
   * @param {{rings: number, xy: number}} filled
   */
  outline(geometry, index, rings, xy, filled) {
    let x = 0;
    let y = 0;
    let [left, top, right, bottom] = [32767, 32767, -32768, -32768];
    while (geometry.at < geometry.end) {
      const command = geometry.number();
      const kind = command & 7;
      if (kind === 7) continue; // a ring's end: areas are closed by their type
      for (let count = command >> 3; count > 0; count -= 1) {
        const dx = geometry.number();
        const dy = geometry.number();
        x += (dx >> 1) ^ -(dx & 1);
        y += (dy >> 1) ^ -(dy & 1);
        if (kind === 1) {
          rings[filled.rings] = filled.xy / 2;
          filled.rings += 1;
        }
        xy[filled.xy] = x;
        xy[filled.xy + 1] = y;
        filled.xy += 2;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
    this.boxes.set([left, top, right, bottom], 4 * index);
  }

  /**
   * A feature's attribute; undefined where it has none.
   * @param {number} index
   * @param {string} key
   * @returns {any}
   */
  get(index, key) {
    const column = this.columns[this.keys.indexOf(key)];
    const number = column ? column[index] : -1;
    if (number < 0) return undefined;
    if (!this.read.has(number)) this.read.set(number, valueOf(this.values[number]));
    return this.read.get(number);
  }

  /**
   * The first feature whose attribute is this text, else -1. Compares bytes, so that no other text has to be read.
   * @param {string} key
   * @param {string} text
   */
  find(key, text) {
    const column = this.columns[this.keys.indexOf(key)];
    if (!column) return -1;
    const wanted = new TextEncoder().encode(text);
    const number = this.values.findIndex((value) => isText(value, wanted));
    return number < 0 ? -1 : column.indexOf(number);
  }
}

/**
 * @param {Cursor} value
 * @param {Uint8Array} wanted
 */
function isText(value, wanted) {
  const start = value.end - wanted.length;
  // A tag, the length, then the text: texts of other lengths end elsewhere.
  if (start - value.at < 2 || value.bytes[value.at] !== 10) return false;
  const found = new Cursor(value.bytes, value.at + 1, value.end);
  if (found.number() !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (value.bytes[start + at] !== wanted[at]) return false;
  return true;
}

/**
 * @param {Cursor} part
 * @returns {string | number | boolean | undefined}
 */
function valueOf(part) {
  const {bytes} = part;
  const value = new Cursor(bytes, part.at, part.end);
  const tag = value.number();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (tag === 10) {
    const text = value.part();
    return WORDS.decode(bytes.subarray(text.at, text.end));
  }
  if (tag === 21) return view.getFloat32(value.at, true);
  if (tag === 25) return view.getFloat64(value.at, true);
  if (tag === 32) return value.signed();
  if (tag === 40) return value.number();
  if (tag === 48) {
    const folded = value.number();
    return folded % 2 ? -(folded + 1) / 2 : folded / 2;
  }
  return tag === 56 ? value.number() !== 0 : undefined;
}

/**
 * The layers of a tile; none for no bytes. Throws RangeError for what is no vector tile.
 * @param {Uint8Array} bytes uncompressed
 * @returns {TileLayer[]}
 */
export function decode(bytes) {
  const layers = [];
  const tile = new Cursor(bytes, 0, bytes.length);
  while (tile.at < tile.end) {
    const tag = tile.number();
    if (tag === 26) layers.push(layerOf(tile.part()));
    else tile.skip(tag & 7);
  }
  return layers;
}

/** @param {Cursor} part */
function layerOf(part) {
  let name = "";
  let extent = 4096;
  /** @type {string[]} */
  const keys = [];
  /** @type {Cursor[]} */
  const values = [];
  /** @type {Cursor[]} */
  const features = [];
  const text = (/** @type {Cursor} */ found) => WORDS.decode(part.bytes.subarray(found.at, found.end));
  while (part.at < part.end) {
    const tag = part.number();
    if (tag === 10) name = text(part.part());
    else if (tag === 18) features.push(part.part());
    else if (tag === 26) keys.push(text(part.part()));
    else if (tag === 34) values.push(part.part());
    else if (tag === 40) extent = part.number();
    else part.skip(tag & 7);
  }
  return new TileLayer(name, extent, keys, values, features);
}
