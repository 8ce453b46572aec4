// The address bar is the state: reading it, writing it, telling who listens.

const VIEW_KEYS = new Set(["view", "measure", "classes", "scale", "map", "select", "sort", "offset", "limit", "lang", "fragment", "page"]);
/** What an embed's address says beside the state; it stays as it is. */
const EMBED_KEYS = ["site", "layers", "theme", "accent", "controls", "legend", "list", "figure", "zoom", "center"];
const DEFAULTS = {view: "none", measure: "projects", classes: "fisher", scale: "sqrt"};

/**
 * The state that a query string describes. Parameters that are not of the view are the filter's; the server judges them.
 * @param {string} search
 * @returns {State}
 */
export function parse(search) {
  const params = new URLSearchParams(search);
  /** @type {Filter} */
  const filter = {};
  params.forEach((value, name) => {
    if (VIEW_KEYS.has(name) || EMBED_KEYS.includes(name) || value === "") return;
    const values = name === "q" || name === "bbox" || name === "near" ? [value] : value.split(",");
    filter[name] = [...new Set([...(filter[name] || []), ...values.filter(Boolean)])];
  });
  return {
    filter,
    view: params.get("view") || document.body.dataset.layer || DEFAULTS.view,
    measure: params.get("measure") || DEFAULTS.measure,
    classes: params.get("classes") || DEFAULTS.classes,
    scale: params.get("scale") || DEFAULTS.scale,
    map: position(params.get("map")) || start(params.get("zoom"), params.get("center")),
    select: params.get("select") || "",
    sort: params.get("sort") || "",
    offset: params.get("offset") || "",
    lang: params.get("lang") || "",
    page: params.get("page") || "",
  };
}

/**
 * @param {string | null} text `zoom/lat/lon`
 * @returns {State["map"]}
 */
function position(text) {
  const parts = (text || "").split("/").map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = parts;
  if (zoom < 0 || zoom > 24 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return {zoom, lat, lon};
}

/**
 * Where an embed is to look first.
 * @param {string | null} zoom
 * @param {string | null} centre `lon,lat`
 */
function start(zoom, centre) {
  const [lon, lat] = (centre || "").split(",");
  return centre ? position(`${zoom || 10}/${lat}/${lon}`) : null;
}

/**
 * The filter as a query string, the same for the same filter: names and values sorted.
 * @param {Filter} filter
 */
export function filterQuery(filter) {
  return Object.keys(filter).sort().filter((name) => filter[name].length)
    .map((name) => `${name}=${readable([...filter[name]].sort().join(","))}`).join("&");
}

/**
 * The filter, and the language of the answer, as the API is asked.
 * @param {Filter} filter
 * @param {string} [lang]
 */
export function question(filter, lang) {
  return [filterQuery(filter), lang ? `lang=${lang}` : ""].filter(Boolean).join("&");
}

/**
 * The query string of a whole state; what is as usual is left out.
 * @param {State} state
 */
export function query(state) {
  const parts = [filterQuery(state.filter)];
  for (const name of /** @type {const} */ (["view", "measure", "classes", "scale"])) {
    if (state[name] !== DEFAULTS[name]) parts.push(`${name}=${readable(state[name])}`);
  }
  if (state.map) {
    const {zoom, lat, lon} = state.map;
    parts.push(`map=${Number(zoom.toFixed(2))}/${lat.toFixed(4)}/${lon.toFixed(4)}`);
  }
  for (const name of /** @type {const} */ (["select", "sort", "offset", "lang", "page"])) {
    if (state[name]) parts.push(`${name}=${readable(state[name])}`);
  }
  return parts.filter(Boolean).join("&");
}

/** @param {string} value */
function readable(value) {
  return encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/").replace(/%3A/g, ":");
}

/** The state of the page; every change of it goes through `change` or the browser's own back and forward. */
export class Store {
  constructor() {
    /** Counties that the key of an embedding site is bound to. */
    this.counties = JSON.parse(document.body.dataset.counties || "[]");
    this.embedded = document.body.dataset.embed === "true";
    this.state = this.read();
    /** @type {((state: State, before: State) => void)[]} */
    this.listeners = [];
    window.addEventListener("popstate", () => this.accept(this.read()));
  }

  /** @returns {State} the state that the address bar holds */
  read() {
    const state = parse(window.location.search);
    return {...state, filter: this.scoped(state.filter)};
  }

  /**
   * A filter within the counties that the page is bound to.
   * @param {Filter} filter
   * @returns {Filter}
   */
  scoped(filter) {
    if (!this.counties.length) return filter;
    const asked = (filter.county || []).filter((code) => this.counties.includes(code));
    return {...filter, county: asked.length ? asked : this.counties};
  }

  /** @param {(state: State, before: State) => void} listener */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  /**
   * Take over a part of the state. `push` makes a step that "back" undoes, `replace` does not.
   * @param {Partial<State>} part
   * @param {"push" | "replace"} [how]
   */
  change(part, how = "push") {
    const next = {...this.state, ...part};
    const search = query(next);
    if (search === query(this.state)) return;
    const kept = this.embedded ? options() : [];
    const asked = [search, ...kept].filter(Boolean).join("&");
    const address = window.location.pathname + (asked ? `?${asked}` : "");
    // A frame's steps would stand among those of the page around it.
    if (how === "push" && !this.embedded) window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
    this.accept(next);
  }

  /** @param {State} next */
  accept(next) {
    const before = this.state;
    this.state = next;
    for (const listener of this.listeners) listener(next, before);
  }
}

/** The options of an embed, as they stand in its address. */
function options() {
  const params = new URLSearchParams(window.location.search);
  return EMBED_KEYS.filter((name) => params.get(name)).map((name) => `${name}=${readable(params.get(name) || "")}`);
}
