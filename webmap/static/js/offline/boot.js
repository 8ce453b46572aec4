// The first script of a site that is one file: it puts the wanted page in the wanted language into the empty body.

const params = new URLSearchParams(window.location.search);
const templates = /** @type {HTMLTemplateElement[]} */ (Array.from(document.querySelectorAll("template[data-page]")));
const page = params.get("page") === "list" ? "list" : "map";
const ofPage = templates.filter((template) => template.dataset.page === page);
const chosen = ofPage.find((template) => template.dataset.lang === params.get("lang")) || ofPage[0];

document.title = chosen.dataset.title || "";
document.documentElement.lang = chosen.dataset.tag || "";
document.body.className = chosen.dataset.class || "";
document.body.dataset.lang = chosen.dataset.lang || "";
document.body.dataset.version = chosen.dataset.version || "";
document.querySelectorAll("style[data-of]").forEach((style) => {
  /** @type {HTMLStyleElement} */ (style).disabled = /** @type {HTMLElement} */ (style).dataset.of !== page;
});
document.body.append(chosen.content.cloneNode(true));
