// The data of a site without a server: pieces that lie beside the pages as scripts, for a page opened from a disk may
// load scripts but not fetch. Each piece calls `relituData.push([name, value])`.

import {Refusal} from "../api.js";
import {say} from "../messages.js";

/** @type {Map<string, any>} */
const kept = new Map();
/** @type {Map<string, Promise<any>>} */
const coming = new Map();
const root = rootOf(document.currentScript);

/** @param {Element | null} script the one that runs these modules; it says where the data are */
function rootOf(script) {
  return script instanceof HTMLScriptElement && script.dataset.root ? new URL(script.dataset.root, document.baseURI).href : "";
}

/** @param {[string, any]} entry */
function take([name, value]) {
  kept.set(name, value);
}

/** Take over what has been loaded before, and whatever comes from now on. */
export function install() {
  const before = window.relituData;
  if (Array.isArray(before)) before.forEach(take);
  window.relituData = {push: take};
}

/**
 * A piece that is there already, else nothing.
 * @param {string} name
 */
export function held(name) {
  return kept.get(name);
}

/**
 * A piece of the data, loaded if need be. Throws Refusal where it cannot be had.
 * @param {string} name
 * @returns {Promise<any>}
 */
export function piece(name) {
  if (kept.has(name)) return Promise.resolve(kept.get(name));
  const running = coming.get(name) || load(name);
  coming.set(name, running);
  return running;
}

/**
 * @param {string} name
 * @returns {Promise<any>}
 */
function load(name) {
  return new Promise((resolve, reject) => {
    const fail = () => {
      coming.delete(name);
      reject(new Refusal(say("offline.piece_missing"), 404));
    };
    if (!root) {
      fail();
      return;
    }
    const script = document.createElement("script");
    script.src = `${root}${name}.js`;
    script.addEventListener("load", () => {
      script.remove();
      if (kept.has(name)) resolve(kept.get(name));
      else fail();
    });
    script.addEventListener("error", () => {
      script.remove();
      fail();
    });
    document.head.append(script);
  });
}

/**
 * Markup out of a piece: a text, or the numbers of its parts in the table that all pieces of a single file share.
 * @param {string | number[]} value
 * @returns {string}
 */
export function markup(value) {
  if (typeof value === "string") return value;
  /** @type {string[]} */
  const parts = kept.get("parts") || [];
  return value.map((number) => parts[number]).join("");
}
