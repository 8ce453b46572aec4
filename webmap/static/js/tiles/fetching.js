// One tile's bytes: asked for again after a failure, later where the server is busy, never where it says no.

import {Refusal} from "../api.js";

const TRIES = 5;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 30000;

/** Asked for at once: enough to keep a server busy, too few to be turned away by it. */
const AT_ONCE = 4;

let running = 0;
/** @type {(() => void)[]} */
const queue = [];

/**
 * Fetch in turn; what is given up while it waits is never asked for.
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function inTurn(address, signal) {
  while (running >= AT_ONCE) await new Promise((resolve) => queue.push(() => resolve(undefined)));
  running += 1;
  try {
    const response = await fetch(address, {signal, credentials: "same-origin"});
    return {response, bytes: response.ok ? await response.arrayBuffer() : null};
  } finally {
    running -= 1;
    const next = queue.shift();
    if (next) next();
  }
}

/** What is asked for belongs to a version that is served no more; `current` is the one that is. */
export class Outdated extends Error {
  /** @param {string} current */
  constructor(current) {
    super("");
    this.current = current;
  }
}

/**
 * The bytes at an address. Throws Refusal, Outdated, or an AbortError where the signal says so.
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<Uint8Array>}
 */
export async function bytesAt(address, signal) {
  for (let tried = 1; ; tried += 1) {
    let wait = FIRST_WAIT_MS * Math.pow(2, tried - 1);
    /** @type {Refusal | null} */
    let refusal = null;
    try {
      const {response, bytes} = await inTurn(address, signal);
      if (bytes) return new Uint8Array(bytes);
      const problem = await response.json().catch(() => ({}));
      if (response.status === 404 && problem.current) throw new Outdated(String(problem.current));
      refusal = new Refusal(String(problem.detail || ""), response.status);
      wait = Math.max(wait, 1000 * Number(response.headers.get("Retry-After") || 0));
      if (response.status < 500 && response.status !== 429) throw refusal;
    } catch (error) {
      if (signal.aborted || error instanceof Outdated || (error && error === refusal)) throw error;
      if (!refusal) refusal = new Refusal("", 0);
    }
    if (tried === TRIES) throw refusal;
    // Many readers are turned away together: they must not come back together.
    await pause(Math.min(wait, LONGEST_WAIT_MS) * (1 + 0.3 * Math.random()), signal);
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.clearTimeout(timer);
      reject(new DOMException("", "AbortError"));
    };
    const timer = window.setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, {once: true});
  });
}
