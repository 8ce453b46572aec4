// Between an embedded map and the page around it. Nothing is said before a page of an allowed origin has said hello.

/** @typedef {{relitu: string, [name: string]: any}} Message */

const MANY = 64;

/** The channel to the page around, open once it has said hello. */
export class Bridge {
  /** @param {{setFilter?: (filter: Filter) => void, fitTo?: (place: any) => void}} commands */
  constructor(commands) {
    this.commands = commands;
    /** @type {string[]} */
    this.hosts = JSON.parse(document.body.dataset.hosts || "[]");
    this.origin = "";
    /** Whether the page around sees to a selection itself. */
    this.takesSelection = false;
    /** @type {Message | null} */
    this.ready = null;
    window.addEventListener("message", (event) => this.hear(event));
  }

  /** @param {MessageEvent} event */
  hear(event) {
    if (event.source !== window.parent || window.parent === window) return;
    if (!event.data || typeof event.data.relitu !== "string" || !this.trusts(event.origin)) return;
    /** @type {Message} */
    const message = event.data;
    if (message.relitu === "hello") {
      this.origin = event.origin;
      this.takesSelection = message.select === true;
      if (this.ready) this.say(this.ready);
      this.measure();
    } else if (message.relitu === "setFilter" && this.commands.setFilter) {
      const filter = filterOf(message.filter);
      if (filter) this.commands.setFilter(filter);
    } else if (message.relitu === "fitTo" && this.commands.fitTo) {
      this.commands.fitTo(message.place);
    }
  }

  /**
   * Whether an origin is one of those that may frame this page: the same rule as the header's.
   * @param {string} origin
   */
  trusts(origin) {
    if (origin === window.location.origin) return true;
    return this.hosts.some((host) => {
      const [scheme, name] = host.split("://");
      if (!name || !name.startsWith("*.")) return origin === host;
      const [itsScheme, itsName] = origin.split("://");
      return itsScheme === scheme && Boolean(itsName) && itsName.endsWith(name.slice(1));
    });
  }

  /** @param {Message} message */
  say(message) {
    if (this.origin) window.parent.postMessage(message, this.origin);
  }

  /** @param {number} total */
  begin(total) {
    this.ready = {relitu: "ready", detail: {total}};
    this.say(this.ready);
    this.measure();
  }

  /** Tell how high the content is, where it is the content that has a height of its own. */
  measure() {
    if (document.body.dataset.flows !== "true") return;
    this.say({relitu: "height", height: document.documentElement.offsetHeight});
  }
}

/**
 * A filter as the state holds it, out of what a page sent; nothing where it is none.
 * @param {unknown} sent
 * @returns {Filter | null}
 */
function filterOf(sent) {
  if (!sent || typeof sent !== "object") return null;
  const entries = Object.entries(sent).slice(0, MANY);
  /** @type {Filter} */
  const filter = {};
  for (const [name, value] of entries) {
    if (value === null || value === undefined || !/^[a-z_]+$/.test(name)) continue;
    const values = (Array.isArray(value) ? value : [value]).map(String).filter(Boolean);
    if (values.length) filter[name] = values;
  }
  return filter;
}
