// The map of a page: one state, and every part of the picture following it.

import {json, OVERTAKEN} from "./api.js";
import {Detail} from "./detail.js";
import {Filters} from "./filters.js";
import {equip} from "./keyboard.js";
import {Base} from "./layers/base.js";
import {COUNTY_LEVEL} from "./layers/looks.js";
import {Marks} from "./layers/marks.js";
import {Names} from "./layers/names.js";
import {scaleBar} from "./layers/scale.js";
import {Thematic} from "./layers/thematic.js";
import {Vector} from "./layers/vector.js";
import {isAnythingInView, presentOf, undrawn} from "./layers/vector_words.js";
import {Legend} from "./legend.js";
import {carry} from "./links.js";
import {catalogue, language, say} from "./messages.js";
import {More} from "./more.js";
import {around, boxText} from "./reach.js";
import {Opening} from "./opening.js";
import {Results} from "./results.js";
import {Sheet} from "./sheet.js";
import {filterQuery, question, Store} from "./state.js";
import {Status} from "./status.js";
import {View} from "./view.js";
import {Views} from "./views.js";

/** A map narrower than this has no room for the legend beside the panel of details. */
const DETAIL_ROOM_PX = 1300;

/** The whole page. */
export class App {
  /**
   * @param {import("leaflet").Map} map
   * @param {boolean} embedded
   */
  constructor(map, embedded) {
    this.map = map;
    this.embedded = embedded;
    this.lang = language();
    document.body.dataset.baseMap = window.relitu.baseMap;
    scaleBar((unit, n) => say(unit, {n}), 120).addTo(map);
    this.store = new Store();
    this.status = new Status(document.getElementById("map-status"), document.getElementById("map-frame"));
    this.filters = new Filters(this.store);
    this.results = new Results(this.store, this.lang);
    this.detail = new Detail(this.store, this.lang, embedded);
    this.views = new Views(this.store);
    this.legend = new Legend((cluster) => {
      if (this.vector) this.vector.tiled.restyle({only: cluster});
      if (this.marks) this.marks.bringOut(cluster);
    });
    this.sheet = new Sheet();
    this.more = new More(map, document.getElementById("map-more"));
    /** @type {Summary | null} */
    this.summary = null;
    this.opening = new Opening(this, () => this.loaded.level);
    /** What the marks on the map were asked for. */
    this.loaded = {level: -1, within: /** @type {L.LatLngBounds | null} */ (null)};
    /** How many features the answer left out of the marks. */
    this.leftOut = 0;
    /** Whether the reader has been told of a failure that nothing has mended since. */
    this.broken = false;
    /** @type {(select: string) => boolean} whether somebody else shows what was chosen */
    this.chosen = () => false;
    /** @type {(total: number) => void} */
    this.counted = () => {};
  }

  async start() {
    const [boundaries] = await Promise.all([
      json("boundaries", document.body.dataset.boundaries || `/api/boundaries?lang=${this.lang}`),
      this.attempt(() => this.loadSummary(), () => this.loadSummary()),
    ]);
    this.base = new Base(this.map, boundaries, (adcode, event) => this.opening.press(event, adcode));
    this.view = new View(this.map, this.base, this.store);
    if (!this.view.restore(this.store.state.map) && this.summary) this.view.fit(this.summary, this.store.state.filter);
    this.map.on("click", (event) => this.opening.press(event, ""));
    carry(this.store.state, this.lang);
    // A base map of tiles brings its own names.
    this.names = window.relitu.baseMap === "none" ? new Names(this.map, this.base) : null;
    this.marks = new Marks(this.map, {
      open: (mark) => this.opening.openMark(mark),
      shortOf: (adcode) => (this.base ? this.base.shortOf(adcode) : ""),
      hover: (mark, on) => this.hover(mark, on),
      moved: (boxes, named) => this.names && this.names.avoid(boxes, named),
    });
    const {tiles = {address: "", maxzoom: 0, kinds: {}}} = catalogue;
    this.vector = new Vector(this.map, tiles, document.body.dataset.version || "", this.lang, {
      open: (select) => this.opening.open(select),
      changed: () => this.drawn(),
      renewed: () => this.refreshAll(),
      failed: (error) => {
        this.broken = true;
        this.status.failed(error, () => this.refreshAll());
      },
    });
    this.thematic = new Thematic(this.map, this.base, this.legend);
    this.map.on("moveend", () => this.follow());
    this.store.subscribe((state, before) => this.change(state, before));
    equip(this.map, this.base, this.opening.underCross(this.vector), (adcode) => this.opening.open(`county/${adcode}`));
    const asked = this.refresh();
    // While the answers are on their way.
    this.base.show();
    if (this.names) this.names.place();
    await asked;
    const {select} = this.store.state;
    if (select) await this.select(select);
    document.documentElement.dataset.ready = "true";
    document.dispatchEvent(new CustomEvent("relitu:ready"));
  }

  /** Bring everything anew under the present filter. */
  async refresh() {
    this.broken = false;
    const again = () => this.refreshAll();
    await Promise.all([
      this.attempt(() => this.loadMarks(true), again),
      this.attempt(() => this.loadTiles(), again),
      this.attempt(() => this.loadLayer(), again),
      this.attempt(() => this.results.show(this.store.state), again),
    ]);
  }

  async refreshAll() {
    await Promise.all([this.attempt(() => this.loadSummary(), () => this.refreshAll()), this.refresh()]);
  }

  /**
   * Do some of the work; tell the reader if it fails.
   * @param {() => Promise<void>} work
   * @param {() => void} again
   */
  async attempt(work, again) {
    try {
      await this.status.during(work());
    } catch (error) {
      this.broken = true;
      this.status.failed(error, again);
    }
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  change(state, before) {
    const filtered = filterQuery(state.filter) !== filterQuery(before.filter);
    if (filtered) {
      this.filters.write(state.filter);
      this.refreshAll();
    }
    carry(state, this.lang);
    if (["view", "measure", "classes", "scale"].some((name) => state[/** @type {"view"} */ (name)] !== before[/** @type {"view"} */ (name)])) {
      this.views.write(state);
      if (!filtered) this.attempt(() => this.loadLayer(), () => this.refreshAll());
    }
    if (this.view && !this.view.restore(state.map) && before.map && this.summary) this.view.fit(this.summary, state.filter);
    if (state.select !== before.select) this.select(state.select);
  }

  async loadSummary() {
    const {filter} = this.store.state;
    const answer = await json("summary", `/api/summary?${question(filter)}`);
    if (answer === OVERTAKEN) return;
    this.summary = answer;
    const source = this.vector && this.vector.tiled.source;
    if (source && answer.version !== source.version) source.renew(answer.version);
    this.filters.count(answer);
    this.tell();
    document.body.dataset.total = String(answer.total);
    this.counted(answer.total);
    this.sheet.summarise(say("results", {n: answer.total}));
  }

  /** @param {boolean} anew whether the filter changed */
  async loadMarks(anew) {
    const level = Math.round(this.map.getZoom());
    const view = this.map.getBounds();
    const {within} = this.loaded;
    if (!anew && level === this.loaded.level && (!within || within.contains(view))) {
      this.tell();
      return;
    }
    const box = level > COUNTY_LEVEL ? around(view, level) : null;
    const part = box ? `&located=no&within=${boxText(box)}` : "";
    const answer = await json("marks", `/api/marks?${question(this.store.state.filter, this.lang)}&zoom=${level}${part}`);
    if (answer === OVERTAKEN || !this.marks) return;
    this.loaded = {level, within: box};
    this.leftOut = answer.left_out ? answer.left_out.features : 0; // offline nothing is ever left out
    this.marks.show(answer.marks, level);
    this.undrawn();
    this.explain();
    this.tell();
  }

  /** The tiles drew something else: names make room, the legend and the line of what is left undrawn follow. */
  drawn() {
    if (!this.vector || !this.marks) return;
    this.marks.avoid(this.vector.boxes());
    this.undrawn();
    this.explain();
    this.tell();
  }

  /** The line of what neither the tiles nor the marks show. */
  undrawn() {
    if (this.vector) this.more.tell(undrawn(this.map, this.vector.content.rests), this.leftOut);
  }

  /** The legend says what marks and tiles show. */
  explain() {
    if (!this.marks || !this.vector) return;
    const [marks, tiles] = [this.marks.present(), presentOf(this.map, this.vector.content)];
    this.legend.show({
      ...marks,
      clusters: new Set([...marks.clusters, ...(this.vector.tiled.look.plain ? [] : tiles.clusters)]),
      kinds: new Set([...marks.kinds, ...tiles.points]),
      areas: tiles.areas,
      lines: tiles.lines,
      rest: tiles.rest,
      demo: marks.demo || tiles.demo,
    });
  }

  /** Nothing is selected, or none of it is in view: say so and show the way. */
  tell() {
    const {summary, view: looking, marks, vector} = this;
    if (!summary || !looking || !marks || this.broken) return;
    if (summary.total === 0) {
      this.status.empty(() => this.filters.clear());
      return;
    }
    const view = this.map.getBounds();
    const shown = marks.marks.some((mark) => view.contains([mark.lat, mark.lon])) || Boolean(vector && isAnythingInView(this.map, vector.content));
    if (shown || !marks.marks.length) {
      this.status.clear();
      return;
    }
    this.status.tell("outside", say("outside_view"), "", {
      label: say("zoom_to_all"),
      act: () => {
        looking.touched = true;
        looking.fit(summary, this.store.state.filter);
      },
    });
  }

  async loadTiles() {
    if (this.vector) await this.vector.tiled.show(this.store.state.filter);
  }

  /** The heat or the coloured counties, as the state has it. */
  async loadLayer() {
    const {view} = this.store.state;
    document.body.dataset.view = view;
    if (!this.marks || !this.thematic) return;
    this.marks.simplify(view !== "none");
    if (this.vector) this.vector.tiled.restyle({plain: view !== "none"});
    this.explain();
    await this.thematic.show(this.store.state, this.lang);
  }

  /** The map moved: bring what its new place needs. */
  follow() {
    const again = () => this.refreshAll();
    this.attempt(() => this.loadMarks(false), again);
    this.attempt(() => this.loadTiles(), again);
  }

  /**
   * @param {Mark} mark
   * @param {boolean} on
   */
  hover(mark, on) {
    if (on && this.vector) this.vector.leave();
    if (this.base && (mark.type === "county" || mark.type === "city")) this.base.highlight(mark.id, on);
  }

  /** @param {string} select */
  async select(select) {
    if (!this.marks || !this.base || !this.view) return;
    if (select && this.chosen(select)) {
      this.store.change({select: ""}, "replace"); // so that the same can be chosen again
      return;
    }
    this.marks.select(select);
    if (this.vector) this.vector.select(select);
    this.base.select(select.startsWith("county/") ? select.slice("county/".length) : "");
    await this.attempt(() => this.detail.show(select), () => this.select(select));
    const frame = this.map.getContainer().clientWidth;
    this.legend.makeRoom(Boolean(this.detail.shown) && frame < DETAIL_ROOM_PX);
    const place = this.opening.placeOf(select);
    if (place && this.detail.shown === select) this.view.reveal(place);
  }
}
