// The box above the list that marks all records of the page: hidden where there is no script.

document.querySelectorAll("[data-all]").forEach((element) => {
  const all = /** @type {HTMLInputElement} */ (element);
  const boxes = Array.from(document.querySelectorAll(`input[type="checkbox"][name="${all.dataset.all}"]`), (box) =>
    /** @type {HTMLInputElement} */ (box));
  const label = all.closest("label");
  if (label) label.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => {
      box.checked = all.checked;
    });
  });
  boxes.forEach((box) => box.addEventListener("change", () => {
    const marked = boxes.filter((one) => one.checked).length;
    all.checked = marked === boxes.length;
    all.indeterminate = marked > 0 && marked < boxes.length;
  }));
});
