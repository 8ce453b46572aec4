// The panel of one feature, county or place: it comes with the focus and gives it back when it closes.

import {cancel, html, OVERTAKEN} from "./api.js";
import {fill, make} from "./elements.js";
import {nodes} from "./fragment.js";
import {isForNewTab, selectionOf} from "./results.js";
import {filterQuery} from "./state.js";

/** The panel #detail. */
export class Detail {
  /**
   * @param {import("./state.js").Store} store
   * @param {string} lang
   * @param {boolean} embedded whether the page stands in another one, which its links must not leave
   */
  constructor(store, lang, embedded) {
    this.store = store;
    this.lang = lang;
    this.embedded = embedded;
    this.panel = document.getElementById("detail");
    this.shown = "";
    /** @type {HTMLElement | null} */
    this.opener = null;
    this.openerMark = "";
    if (!this.panel) return;
    this.body = this.panel.querySelector(".detail-body") || this.panel.appendChild(make("div", {class: "detail-body"}));
    const close = this.panel.querySelector(".detail-close");
    if (close) close.addEventListener("click", () => this.close());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        this.close();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.shown) this.close();
    });
    this.panel.addEventListener("click", (event) => this.follow(event));
  }

  close() {
    this.store.change({select: ""});
  }

  /**
   * Open what the state selects, or close.
   * @param {string} select
   */
  async show(select) {
    if (!this.panel || !this.body || select === this.shown) return;
    if (!select) {
      cancel("detail");
      this.hide();
      return;
    }
    if (!this.shown) this.remember();
    this.shown = select;
    this.panel.classList.add("is-loading");
    try {
      const markup = await html("detail", this.addressOf(select));
      if (markup === OVERTAKEN || typeof markup !== "string") return;
      fill(this.body, nodes(markup));
      if (this.embedded) this.leadOut(this.body);
    } catch (error) {
      this.shown = "";
      throw error;
    } finally {
      this.panel.classList.remove("is-loading");
    }
    this.panel.hidden = false;
    document.body.classList.add("has-detail");
    this.panel.scrollTop = 0;
    this.body.scrollTop = 0;
    this.takeFocus();
  }

  /**
   * Links to whole pages open beside the page that embeds the map.
   * @param {Element} body
   */
  leadOut(body) {
    body.querySelectorAll("a:not([data-select])").forEach((link) => {
      link.setAttribute("target", "_blank");
      link.setAttribute("rel", "noopener");
    });
  }

  /** Who opened the panel; a mark may be made anew meanwhile, so its key counts. */
  remember() {
    const active = document.activeElement;
    this.opener = active instanceof HTMLElement && active !== document.body ? active : null;
    this.openerMark = (this.opener && this.opener.dataset.mark) || "";
  }

  takeFocus() {
    const panel = /** @type {HTMLElement} */ (this.panel);
    const heading = /** @type {HTMLElement} */ (panel.querySelector("h1, h2") || panel);
    heading.tabIndex = -1;
    heading.focus({preventScroll: true});
  }

  hide() {
    const panel = /** @type {HTMLElement} */ (this.panel);
    const held = panel.contains(document.activeElement);
    this.shown = "";
    panel.hidden = true;
    document.body.classList.remove("has-detail");
    if (!held) return;
    const mark = this.openerMark && /** @type {HTMLElement | null} */ (document.querySelector(`[data-mark="${CSS.escape(this.openerMark)}"]`));
    const target = mark || (this.opener && this.opener.isConnected ? this.opener : document.getElementById("map_relitu"));
    if (target) target.focus({preventScroll: true});
  }

  /**
   * Links to other features stay in the panel; "open page" leaves it.
   * @param {MouseEvent} event
   */
  follow(event) {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || isForNewTab(event) || link.target || link.dataset.open === "page") return;
    const address = new URL(link.href);
    const select = link.dataset.select || (address.origin === window.location.origin && selectionOf(address.pathname));
    if (!select || select === this.shown) return;
    event.preventDefault();
    this.store.change({select});
  }

  /**
   * `within/<w,s,e,n>` is the list of what stands at one spot.
   * @param {string} select
   */
  addressOf(select) {
    const [kind, ...rest] = select.split("/");
    const id = encodeURIComponent(rest.join("/")).replace(/%2F/g, "/").replace(/%2C/g, ",");
    const words = `lang=${this.lang}&fragment=1`;
    if (kind === "within") return `/list?${filterQuery({...this.store.state.filter, bbox: [rest.join("/")]})}&${words}`;
    const path = kind === "county" || kind === "place" ? `/${kind}/${id}` : `/f/${encodeURIComponent(kind)}/${id}`;
    return `${path}?${words}`;
  }
}
