// Buttons that copy a field's text: hidden where there is no script.

import {say} from "./messages.js";

const TOLD_MS = 2000;

document.querySelectorAll("[data-copy]").forEach((element) => {
  const button = /** @type {HTMLButtonElement} */ (element);
  const field = /** @type {HTMLTextAreaElement | null} */ (document.querySelector(button.dataset.copy || ""));
  const label = button.querySelector("span");
  if (!field || !label) return;
  const usual = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      label.textContent = say("copied");
    } catch (error) {
      label.textContent = say("copy_failed");
    }
    window.setTimeout(() => {
      label.textContent = usual;
    }, TOLD_MS);
  });
});
