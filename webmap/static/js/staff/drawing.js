// The drawing editor of a record's form: areas with holes, lines, points; snapping, undo, the area as one draws.
//
// Everything ends up as GeoJSON in the form's hidden field. Coordinates can be typed instead, and without this script they are.

import {fill, make} from "../elements.js";
import {say} from "../messages.js";
import {areaWords, figureOf, lengthWords} from "./figures.js";
import {area} from "./geodesy.js";
import {ground, look} from "./ground.js";
import {History} from "./history.js";
import {Neighbours} from "./neighbours.js";
import {readShape} from "./shape_text.js";
import {Sketch, coordinatesOf, layerOf} from "./sketch.js";

/** @typedef {import("./sketch.js").Sort} Sort */

const SNAP_PX = 14;
const SHAPES = {Polygon: "Polygon", LineString: "Line", Point: "CircleMarker"};

/** The editor in `#drawing`. */
class Drawing {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    const form = /** @type {HTMLFormElement} */ (root.closest("form"));
    this.field = /** @type {HTMLInputElement} */ (form.elements.namedItem("geometry"));
    this.typed = /** @type {HTMLTextAreaElement | null} */ (form.elements.namedItem("geometry_text"));
    this.clear = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("geometry_clear"));
    this.usual = /** @type {Sort} */ (root.dataset.sort || "Polygon");
    this.sketch = Sketch.of(readShape(this.field.value, this.usual === "LineString"), this.usual);
    this.history = new History(this.sketch.text);
    this.mode = "";
    this.map = /** @type {any} */ (ground(root.dataset.boundaries || ""));
    this.layers = L.layerGroup([]).addTo(this.map);
    this.figures = make("p", {class: "draw-figures", "aria-live": "polite"});
    this.hint = make("p", {class: "draw-hint"});
    this.around = make("p", {class: "draw-around"});
    this.tools = this.toolbar();
    this.snap = true;
    this.neighbours = root.dataset.nearby
      ? new Neighbours(this.map, root.dataset.nearby, root.dataset.id || "", (n, more) => this.tellNeighbours(n, more)) : null;
    this.listen();
    this.show();
    look(this.map, this.sketch.box || (root.dataset.box || "").split(",").map(Number).filter(Number.isFinite));
    this.setMode("");
  }

  toolbar() {
    /** @type {{[name: string]: HTMLButtonElement}} */
    const tools = {};
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const made = make("button", {type: "button", class: "button draw-tool", "data-tool": name}, [say(`draw_${name}`)]);
      made.addEventListener("click", act);
      tools[name] = made;
      return made;
    };
    const bar = make("div", {class: "draw-bar", role: "toolbar", "aria-label": say("draw_tools")}, [
      button("Polygon", () => this.begin("Polygon")),
      button("hole", () => this.begin("hole")),
      button("LineString", () => this.begin("LineString")),
      button("Point", () => this.begin("Point")),
      button("edit", () => this.setMode(this.mode === "edit" ? "" : "edit")),
      button("remove", () => this.setMode(this.mode === "remove" ? "" : "remove")),
      button("undo", () => this.step(-1)),
      button("redo", () => this.step(1)),
      button("snap", () => this.toggleSnap()),
      button("look", () => look(this.map, this.sketch.box)),
    ]);
    (this.root.querySelector(".draw-controls") || this.root).append(bar);
    // Below the map, so that words that grow don't push it from under the pointer.
    this.root.append(make("div", {class: "draw-words"}, [this.figures, this.hint, this.around]));
    return tools;
  }

  listen() {
    const {map} = this;
    map.on("pm:create", (/** @type {any} */ event) => this.created(event.layer));
    map.on("pm:drawstart", (/** @type {any} */ event) => {
      const layer = event.workingLayer;
      if (!layer.getLatLngs) return;
      const live = (/** @type {any} */ at) => this.tell([...layer.getLatLngs(), ...(at ? [at] : [])]);
      layer.on("pm:vertexadded", () => live(null));
      this.move = (/** @type {any} */ moved) => live(moved.latlng);
      map.on("mousemove", this.move);
    });
    map.on("pm:drawend", () => {
      if (this.move) map.off("mousemove", this.move);
      this.move = null;
    });
    if (this.typed) this.typed.addEventListener("input", () => this.takeText());
    if (this.clear) this.clear.addEventListener("change", () => this.clear && this.clear.checked && this.put(new Sketch(this.usual), true));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (letter === "z" || letter === "y")) {
      event.preventDefault();
      this.step(letter === "y" || event.shiftKey ? 1 : -1);
    } else if (event.key === "Escape" && this.mode) {
      this.setMode("");
    }
  }

  /** @param {string} what a sort of geometry, or "hole" */
  begin(what) {
    this.setMode(this.mode === what ? "" : what);
  }

  /** @param {string} mode */
  setMode(mode) {
    const {map} = this;
    this.mode = "";
    map.pm.disableDraw();
    this.layers.eachLayer((/** @type {any} */ layer) => layer.pm && layer.pm.disable());
    this.mode = mode;
    const options = {snappable: this.snap, snapDistance: SNAP_PX, tooltips: false, continueDrawing: false};
    if (mode === "hole" || mode in SHAPES) {
      const sort = /** @type {Sort} */ (mode === "hole" ? "Polygon" : mode);
      map.pm.enableDraw(SHAPES[sort], {
        ...options,
        allowSelfIntersection: sort !== "Polygon",
        templineStyle: {className: "drawn-guide"},
        hintlineStyle: {className: "drawn-guide drawn-guide-next"},
        pathOptions: {className: sort === "Point" ? "drawn drawn-point" : "drawn"},
      });
    } else if (mode === "edit") {
      this.layers.eachLayer((/** @type {any} */ layer) => layer.pm.enable({...options, allowSelfIntersection: this.sketch.sort !== "Polygon", draggable: true}));
    }
    this.buttons();
    this.hint.textContent = say(`draw_hint_${mode || "rest"}`);
  }

  buttons() {
    const {tools, sketch} = this;
    const empty = !sketch.parts.length;
    for (const [name, tool] of Object.entries(tools)) tool.setAttribute("aria-pressed", String(name === this.mode || (name === "snap" && this.snap)));
    for (const name of ["undo", "redo", "look"]) tools[name].removeAttribute("aria-pressed");
    tools.undo.disabled = !this.history.canUndo && !(this.mode in SHAPES || this.mode === "hole");
    tools.redo.disabled = !this.history.canRedo;
    tools.hole.disabled = empty || sketch.sort !== "Polygon";
    for (const name of ["edit", "remove", "look"]) tools[name].disabled = empty;
    for (const name of Object.keys(SHAPES)) tools[name].hidden = name !== this.usual && name !== (empty ? "Point" : sketch.sort);
    tools.hole.hidden = sketch.sort !== "Polygon" && this.usual !== "Polygon";
  }

  /** @param {any} layer that was drawn just now */
  created(layer) {
    const mode = this.mode;
    layer.remove();
    const sort = /** @type {Sort} */ (mode === "hole" ? "Polygon" : mode);
    const part = coordinatesOf(layer, sort);
    const parts = this.sketch.sort === sort ? [...this.sketch.parts] : [];
    if (mode === "hole") {
      const owner = this.sketch.partAt(part[0][0]);
      if (owner < 0) {
        this.setMode("");
        this.hint.textContent = say("draw_hole_outside");
        return;
      }
      parts[owner] = [...parts[owner], part[0]];
    } else if (sort === "Point") {
      parts.splice(0, parts.length, part);
    } else {
      parts.push(part);
    }
    this.put(new Sketch(sort, parts), true);
    this.setMode("");
  }

  /**
   * @param {Sketch} sketch
   * @param {boolean} isStep whether it can be taken back
   */
  put(sketch, isStep) {
    this.sketch = sketch;
    this.field.value = sketch.text;
    if (isStep) this.history.add(sketch.text);
    if (isStep && this.typed) this.typed.value = "";
    if (this.clear && sketch.parts.length) this.clear.checked = false;
    this.field.dispatchEvent(new Event("change", {bubbles: true}));
    this.show();
  }

  show() {
    const {layers, sketch} = this;
    layers.clearLayers();
    sketch.parts.forEach((part, i) => {
      const layer = layerOf(part, sketch.sort);
      layers.addLayer(layer);
      layer.on("pm:edit pm:markerdragend pm:vertexremoved pm:dragend", () => this.edited());
      layer.on("pm:markerdrag pm:drag", () => this.measure(this.current()));
      layer.on("click", () => this.mode === "remove" && this.remove(i));
    });
    this.measure(sketch);
    this.buttons();
  }

  /** What the layers show right now. */
  current() {
    /** @type {any[]} */
    const parts = [];
    this.layers.eachLayer((layer) => parts.push(coordinatesOf(layer, this.sketch.sort)));
    return new Sketch(this.sketch.sort, parts.filter((part) => part.length));
  }

  edited() {
    const now = this.current();
    if (now.text === this.sketch.text) return;
    this.sketch = now;
    this.field.value = now.text;
    this.history.add(now.text);
    if (this.typed) this.typed.value = "";
    this.measure(now);
    this.buttons();
  }

  /** @param {number} index */
  remove(index) {
    this.put(new Sketch(this.sketch.sort, this.sketch.parts.filter((_, i) => i !== index)), true);
    this.setMode(this.sketch.parts.length ? "remove" : "");
  }

  /** @param {-1 | 1} way */
  step(way) {
    const draw = /** @type {any} */ (this.map.pm.Draw);
    const shape = /** @type {any} */ (SHAPES)[this.mode === "hole" ? "Polygon" : this.mode];
    const working = shape && draw[shape] && draw[shape]._layer;
    if (way < 0 && working && working.getLatLngs && working.getLatLngs().length) {
      draw[shape]._removeLastVertex(); // a corner of what is being drawn goes first
      return;
    }
    const mode = this.mode;
    this.setMode("");
    const text = this.history.move(way);
    this.put(Sketch.of(readShape(text, false), this.usual), false);
    if (mode === "edit" && this.sketch.parts.length) this.setMode("edit");
  }

  toggleSnap() {
    this.snap = !this.snap;
    this.setMode(this.mode);
  }

  takeText() {
    const text = this.typed ? this.typed.value : "";
    if (!text.trim()) return;
    const read = readShape(text, this.usual === "LineString");
    this.hint.textContent = say(read ? "draw_typed" : "draw_not_read");
    if (!read) return;
    const kept = text;
    this.put(Sketch.of(read, this.usual), true);
    if (this.typed) this.typed.value = kept;
    look(this.map, this.sketch.box);
  }

  /** @param {any[]} corners of what is being drawn */
  tell(corners) {
    const points = corners.map((at) => /** @type {[number, number]} */ ([at.lng, at.lat]));
    fill(this.figures, [this.mode === "LineString" ? lengthWords([points]) : areaWords(area([[points]]))]);
  }

  /** @param {Sketch} sketch */
  measure(sketch) {
    fill(this.figures, [figureOf(sketch)]);
  }

  /**
   * @param {number} n
   * @param {boolean} more
   */
  tellNeighbours(n, more) {
    this.around.textContent = n < 0 ? say("draw_zoom_in") : say(more ? "draw_neighbours_more" : "draw_neighbours", {n});
  }
}

const root = document.getElementById("drawing");
if (root && window.relitu) {
  root.hidden = false;
  const drawing = new Drawing(root);
  Object.assign(window.relitu, {drawing});
  document.documentElement.dataset.ready = "true";
}
