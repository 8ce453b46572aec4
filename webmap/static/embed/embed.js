// Relitu in another page: every <div data-relitu> becomes a frame once it comes near the view and the page has loaded.
// Its data-* attributes are the parameters of /embed: data-county="411082", data-area-min="50".
(function () {
  "use strict";

  if (window.Relitu) return; // a page may name this script twice

  var script = /** @type {HTMLScriptElement} */ (document.currentScript);
  var home = new URL(script.src);
  var origin = home.origin;
  var base = home.href.replace(/embed\.js.*$/, "");
  var NEAR = "400px";
  var own = {relitu: 1, height: 1, title: 1, onSelect: 1};

  /** @type {WeakMap<Element, RelituEmbed>} */
  var mounted = new WeakMap();
  /** @type {Map<MessageEventSource, RelituEmbed>} */
  var frames = new Map();

  /**
   * The frame of one element.
   * @param {HTMLElement} element
   * @constructor
   */
  function Embed(element) {
    this.element = element;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    this.ready = false;
    /** @type {object[]} */
    this.waiting = [];
  }

  Embed.prototype.address = function () {
    var query = new URLSearchParams();
    var data = this.element.dataset;
    Object.keys(data).forEach(function (name) {
      if (!(name in own)) query.set(name.replace(/[A-Z]/g, function (sign) { return "_" + sign.toLowerCase(); }), data[name] || "");
    });
    var asked = query.toString();
    return base + "embed" + (asked ? "?" + asked : "");
  };

  Embed.prototype.load = function () {
    if (this.frame) return;
    var element = this.element;
    var frame = document.createElement("iframe");
    frame.src = this.address();
    frame.title = element.dataset.title || (element.dataset.lang === "en" ? "Investment map" : "招商合作地图");
    frame.style.border = "0";
    frame.style.display = "block";
    frame.style.width = "100%";
    frame.style.height = (parseInt(element.dataset.height || "", 10) || 520) + "px";
    frame.setAttribute("referrerpolicy", "strict-origin-when-cross-origin");
    this.frame = frame;
    frame.addEventListener("load", this.greet.bind(this));
    element.textContent = ""; // what stood there was for readers without script
    element.appendChild(frame);
    if (frame.contentWindow) frames.set(frame.contentWindow, this);
  };

  Embed.prototype.greet = function () {
    var inside = this.frame && this.frame.contentWindow;
    if (inside) inside.postMessage({relitu: "hello", select: this.element.dataset.onSelect === "event"}, origin);
  };

  /** @param {object} message */
  Embed.prototype.send = function (message) {
    if (this.ready && this.frame && this.frame.contentWindow) this.frame.contentWindow.postMessage(message, origin);
    else this.waiting.push(message);
  };

  /** @param {RelituFilter} filter */
  Embed.prototype.setFilter = function (filter) {
    this.send({relitu: "setFilter", filter: filter});
  };

  /** @param {RelituPlace} place */
  Embed.prototype.fitTo = function (place) {
    this.send({relitu: "fitTo", place: place});
  };

  /** @param {any} message */
  Embed.prototype.heard = function (message) {
    if (message.relitu === "ready") {
      this.ready = true;
      this.waiting.splice(0).forEach(this.send, this);
    } else if (message.relitu === "height" && this.frame && !this.element.dataset.height) {
      var height = Number(message.height);
      if (height > 0 && height < 20000) this.frame.style.height = Math.ceil(height) + "px";
      return;
    }
    if (message.relitu === "ready" || message.relitu === "select" || message.relitu === "filter") {
      this.element.dispatchEvent(new CustomEvent("relitu:" + message.relitu, {bubbles: true, detail: message.detail}));
    }
  };

  window.addEventListener("message", function (event) {
    if (event.origin !== origin || !event.source || !event.data) return;
    var embed = frames.get(event.source);
    if (embed) embed.heard(event.data);
  });

  var watcher = "IntersectionObserver" in window ? new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      var embed = mounted.get(entry.target);
      if (!entry.isIntersecting || !embed) return;
      watcher && watcher.unobserve(entry.target);
      embed.load();
    });
  }, {rootMargin: NEAR}) : null;

  /**
   * Take an element over; the same one gives the same embed.
   * @param {HTMLElement} element
   * @returns {RelituEmbed}
   */
  function mount(element) {
    var known = mounted.get(element);
    if (known) return known;
    /** @type {RelituEmbed} */
    var embed = new /** @type {any} */ (Embed)(element);
    mounted.set(element, embed);
    if (watcher) watcher.observe(element);
    else embed.load();
    return embed;
  }

  function mountAll() {
    document.querySelectorAll("[data-relitu]").forEach(function (element) {
      mount(/** @type {HTMLElement} */ (element));
    });
  }

  window.Relitu = {mount: mount, get: function (element) { return mounted.get(element); }};

  // The page's own load event does not wait for any frame.
  if (document.readyState === "complete") mountAll();
  else window.addEventListener("load", mountAll);
})();
