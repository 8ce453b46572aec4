// Buttons that copy the text of a field or an element: hidden where there is no script.

import {say} from "./messages.js";

const TOLD_MS = 2000;

document.querySelectorAll("[data-copy]").forEach((element) => {
  const button = /** @type {HTMLButtonElement} */ (element);
  const source = document.querySelector(button.dataset.copy || "");
  const label = button.querySelector("span");
  if (!source || !label) return;
  const usual = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(marked(source));
      label.textContent = say("copied");
    } catch (error) {
      label.textContent = say("copy_failed");
    }
    window.setTimeout(() => {
      label.textContent = usual;
    }, TOLD_MS);
  });
});

/**
 * The element's text, which is now selected, so that it can be copied by hand where the browser forbids it to a script.
 * @param {Element} element
 */
function marked(element) {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) {
    element.select();
    return element.value;
  }
  const selection = window.getSelection();
  if (selection) selection.selectAllChildren(element);
  return (element.textContent || "").trim();
}
