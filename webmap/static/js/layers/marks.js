// Marks: rings for many, badges for what is known only to a place, a shape of its own for a single feature.

import {COUNTY_LEVEL, CITY_LEVEL, lookOf, pictureOf, sentenceOf, sizeOf, tooltipOf} from "./looks.js";
import {spread} from "./room.js";

const LEADER_PX = 20;

/** All marks of the current view, as buttons in reading order. */
export class Marks {
  /**
   * @param {import("leaflet").Map} map
   * @param {{open: (mark: Mark) => void, shortOf: (adcode: string) => string, hover: (mark: Mark, on: boolean) => void, moved: (boxes: import("./names.js").Box[], named: Set<string>) => void}} acts
   */
  constructor(map, acts) {
    this.map = map;
    this.acts = acts;
    /** @type {Mark[]} */
    this.marks = [];
    /** The whole zoom that the marks were asked for. */
    this.level = CITY_LEVEL;
    /** @type {Map<string, L.Marker>} */
    this.markers = new Map();
    this.selected = "";
    /** @type {string | null} The cluster that is brought out. */
    this.only = null;
    /** Over a heat or coloured counties marks are small and without colours: two scales of colour would mix. */
    this.plain = false;
    /** What else takes room on the map, in pixels of its layer. */
    this.taken = /** @type {import("./names.js").Box[]} */ ([]);
    this.leaders = L.layerGroup([], {pane: "borders"}).addTo(map);
    map.on("zoomend", () => this.arrange());
  }

  /** @param {boolean} plain */
  simplify(plain) {
    if (plain === this.plain) return;
    this.plain = plain;
    this.show(this.marks, this.level);
  }

  /**
   * Keep clear of what else stands on the map.
   * @param {import("./names.js").Box[]} taken
   */
  avoid(taken) {
    if (JSON.stringify(taken) === JSON.stringify(this.taken)) return;
    this.taken = taken;
    this.arrange();
  }

  /**
   * Show these marks in place of the old ones; a focused mark that stays keeps the focus.
   * @param {Mark[]} marks
   * @param {number} level
   */
  show(marks, level) {
    this.level = level;
    const sorted = marks.slice().sort((a, b) => b.lat - a.lat || a.lon - b.lon);
    const focused = this.focusedKey();
    this.markers.forEach((marker) => marker.remove());
    this.markers.clear();
    this.marks = sorted;
    for (const mark of sorted) {
      const marker = this.marker(mark);
      this.markers.set(keyOf(mark), marker);
      marker.addTo(this.map);
    }
    this.arrange();
    this.select(this.selected);
    this.bringOut(this.only);
    const again = focused && this.markers.get(focused);
    const element = again && again.getElement();
    if (element) element.focus({preventScroll: true});
  }

  /**
   * What stands on a mark: a county's short name while many are in view, else the whole one.
   * @param {Mark} mark
   */
  labelOf(mark) {
    return (mark.type === "county" && this.level <= COUNTY_LEVEL && this.acts.shortOf(mark.id)) || mark.name;
  }

  focusedKey() {
    const active = document.activeElement;
    return active instanceof HTMLElement ? active.dataset.mark || "" : "";
  }

  /**
   * Push apart rings and badges that would hide each other; points that are exact stay where they are.
   */
  arrange() {
    const items = this.marks.map((mark) => {
      const look = lookOf(mark, this.level);
      const [width, height] = sizeOf(mark, look, this.plain, this.labelOf(mark));
      return {at: this.map.latLngToLayerPoint([mark.lat, mark.lon]), width, height, fixed: mark.type === "feature", mark, look};
    });
    const others = this.taken.map(({left, top, right, bottom}) => (
      {at: {x: (left + right) / 2, y: (top + bottom) / 2}, width: right - left, height: bottom - top, fixed: true}));
    const places = spread([...items, ...others]);
    const boxes = this.taken.slice();
    /** @type {Set<string>} */
    const named = new Set();
    this.leaders.clearLayers();
    items.forEach(({mark, look, width, height}, index) => {
      const {x, y} = places[index];
      const marker = this.markers.get(keyOf(mark));
      const place = this.map.layerPointToLatLng([x, y]);
      if (marker) marker.setLatLng(place);
      if (Math.hypot(x - items[index].at.x, y - items[index].at.y) > LEADER_PX) this.lead([mark.lat, mark.lon], place);
      boxes.push({left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2});
      if (look === "badge" || (look === "ring" && mark.type !== "cluster" && !this.plain)) named.add(mark.id);
    });
    this.acts.moved(boxes, named);
  }

  /**
   * A thin line from a mark that was pushed aside to where it belongs.
   * @param {[number, number]} from
   * @param {L.LatLng} to
   */
  lead(from, to) {
    const options = {pane: "borders", interactive: false};
    this.leaders.addLayer(L.polyline([from, to], {...options, className: "leader"}));
    this.leaders.addLayer(L.circleMarker(from, {...options, radius: 2.5, className: "leader-end"}));
  }

  /** @param {Mark} mark */
  marker(mark) {
    const look = lookOf(mark, this.level);
    const [width, height] = sizeOf(mark, look, this.plain, this.labelOf(mark));
    const picture = pictureOf(mark, look, this.plain, this.labelOf(mark));
    const marker = L.marker([mark.lat, mark.lon], {
      icon: L.divIcon({html: picture, className: `mark mark-${look} mark-of-${mark.type}`, iconSize: [width, height]}),
      keyboard: true,
      riseOnHover: true,
      autoPanPadding: [70, 70],
      // A single feature may lie under a ring that was pushed aside; it must stay reachable.
      zIndexOffset: look === "feature" ? 500 : 0,
    });
    marker.on("add", () => this.equip(marker, mark));
    marker.on("click", () => this.acts.open(mark));
    marker.on("mouseover", () => this.acts.hover(mark, true));
    marker.on("mouseout", () => this.acts.hover(mark, false));
    marker.bindTooltip(() => tooltipOf(mark), {direction: "top", offset: [0, -height / 2], className: "mark-tip", opacity: 1});
    return marker;
  }

  /**
   * @param {L.Marker} marker
   * @param {Mark} mark
   */
  equip(marker, mark) {
    const element = marker.getElement();
    if (!element) return;
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", sentenceOf(mark));
    element.dataset.mark = keyOf(mark);
    element.addEventListener("focus", () => {
      marker.openTooltip();
      this.acts.hover(mark, true);
    });
    element.addEventListener("blur", () => {
      marker.closeTooltip();
      this.acts.hover(mark, false);
    });
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.acts.open(mark);
    });
  }

  /** @param {string} select `<kind>/<id>`, `county/<adcode>` or `place/<id>` */
  select(select) {
    this.selected = select;
    for (const mark of this.marks) {
      const marker = this.markers.get(keyOf(mark));
      const element = marker && marker.getElement();
      if (element) element.classList.toggle("is-selected", selectionOf(mark) === select);
    }
  }

  /** @param {string | null} cluster to bring out; marks that hold nothing of it fade */
  bringOut(cluster) {
    this.only = cluster;
    for (const mark of this.marks) {
      const marker = this.markers.get(keyOf(mark));
      const element = marker && marker.getElement();
      if (element) element.classList.toggle("is-dimmed", cluster !== null && !mark.mix.some(([one]) => one === cluster));
    }
  }

  /** What the legend needs: clusters, kinds and looks that are on the map. */
  present() {
    const clusters = new Set();
    const kinds = new Set();
    const looks = new Set();
    let demo = false;
    for (const mark of this.marks) {
      const look = lookOf(mark, this.level);
      if (!this.plain || look === "feature") mark.mix.forEach(([cluster]) => clusters.add(cluster));
      if (look !== "ring" || !this.plain) looks.add(look);
      if (look === "feature" && mark.kind) kinds.add(mark.kind);
      if (mark.demo) demo = true;
    }
    return {clusters, kinds, looks, demo};
  }
}

/**
 * What a mark opens, as the address names it; empty for a cluster.
 * @param {Mark} mark
 */
export function selectionOf(mark) {
  if (mark.type === "feature") return `${mark.kind}/${mark.id}`;
  if (mark.type === "cluster") return "";
  return mark.type === "place" ? `place/${mark.id}` : `county/${mark.id}`;
}

/** @param {Mark} mark */
function keyOf(mark) {
  return `${mark.type}:${mark.kind || ""}:${mark.id}`;
}
