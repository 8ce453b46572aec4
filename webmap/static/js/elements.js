// Making elements. Data goes in as text or attribute values only, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{[name: string]: string | number | boolean | null | undefined}} Attributes */

/**
 * An HTML element with attributes and children; a child that is a string becomes text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  assign(element, attributes);
  element.append(...children);
  return element;
}

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {Node[]} [children]
 * @returns {SVGElementTagNameMap[T]}
 */
export function draw(tag, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, tag);
  assign(element, attributes);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 */
function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * Empty an element and fill it anew.
 * @param {Element} element
 * @param {(Node | string)[]} children
 */
export function fill(element, children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  element.append(...children);
}
