// Work that may wait: done in slices between frames, so that a heap of tiles never holds up a finger or a wheel.

const SLICE_MS = 6;

/** @type {(() => void)[]} */
const waiting = [];
const channel = new MessageChannel();
channel.port1.onmessage = run;

function run() {
  const end = performance.now() + SLICE_MS;
  do {
    const work = waiting.shift();
    if (work) work();
  } while (waiting.length && performance.now() < end);
  if (waiting.length) channel.port2.postMessage(null);
}

/**
 * The answer of some work, done in its turn.
 * @template T
 * @param {() => T} work
 * @returns {Promise<T>}
 */
export function soon(work) {
  return new Promise((resolve, reject) => {
    waiting.push(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    if (waiting.length === 1) channel.port2.postMessage(null);
  });
}
