// Asking the server. Of each channel only the latest question counts: an earlier one is cancelled, its answer dropped.

/** A question that the server refused or that did not reach it. `message` is for the reader, where the server gave one. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {number} status 0 where there was no answer
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The answer of a question that a later one has overtaken. */
export const OVERTAKEN = Symbol("overtaken");

/** @type {Map<string, AbortController>} */
const running = new Map();

/**
 * What answers in place of a server, if anything.
 * @type {{answer: ((path: string) => Promise<any>) | null}}
 */
const instead = {answer: null};

/**
 * Let `answer` give the JSON or markup that a server would; for pages that have none.
 * @param {(path: string) => Promise<any>} answer
 */
export function answerWith(answer) {
  instead.answer = answer;
}

/**
 * The answer to a path by what stands in for a server; null where a server answers.
 * @param {string} path
 * @returns {Promise<any> | null}
 */
export function answered(path) {
  return instead.answer && instead.answer(path);
}

/**
 * The JSON at `path`, or OVERTAKEN. Throws Refusal.
 * @param {string} channel
 * @param {string} path
 * @returns {Promise<any>}
 */
export function json(channel, path) {
  return ask(channel, path, "application/json", (response) => response.json());
}

/**
 * The HTML at `path`, or OVERTAKEN. Throws Refusal.
 * @param {string} channel
 * @param {string} path
 * @returns {Promise<string | typeof OVERTAKEN>}
 */
export function html(channel, path) {
  return ask(channel, path, "text/html", (response) => response.text());
}

/**
 * Forget the question that is under way on a channel.
 * @param {string} channel
 */
export function cancel(channel) {
  const controller = running.get(channel);
  if (controller) controller.abort();
  running.delete(channel);
}

/**
 * @param {string} channel
 * @param {string} path
 * @param {string} accept
 * @param {(response: Response) => Promise<any>} read
 */
async function ask(channel, path, accept, read) {
  cancel(channel);
  const controller = new AbortController();
  running.set(channel, controller);
  try {
    const value = await (answered(path) || fetched(path, accept, controller.signal, read));
    return running.get(channel) === controller ? value : OVERTAKEN;
  } catch (error) {
    if (running.get(channel) !== controller) return OVERTAKEN;
    if (error instanceof Refusal) throw error;
    throw new Refusal("", 0);
  }
}

/**
 * @param {string} path
 * @param {string} accept
 * @param {AbortSignal} signal
 * @param {(response: Response) => Promise<any>} read
 */
async function fetched(path, accept, signal, read) {
  const response = await fetch(path, {signal, headers: {Accept: accept}, credentials: "same-origin"});
  if (!response.ok) throw new Refusal(await reason(response), response.status);
  return read(response);
}

/**
 * What the server says is wrong (problem details), else nothing.
 * @param {Response} response
 */
async function reason(response) {
  try {
    const problem = await response.json();
    return String(problem.detail || problem.title || "");
  } catch (error) {
    return "";
  }
}
