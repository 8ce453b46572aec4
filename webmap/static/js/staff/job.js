// A job's progress, looked at once a second until there is something to show.

const LOOK_MS = 700;

const card = /** @type {HTMLElement | null} */ (document.querySelector("[data-job]"));
if (card && /^(queued|running)$/.test(card.dataset.state || "")) look(card);

/** @param {HTMLElement} job */
async function look(job) {
  try {
    const response = await fetch(String(job.dataset.job), {headers: {Accept: "application/json"}, credentials: "same-origin"});
    if (response.ok) {
      const status = await response.json();
      if (!/^(queued|running)$/.test(status.state)) {
        window.location.replace(status.href || window.location.href);
        return;
      }
      show(job, status);
    } else if (response.status === 401 || response.status === 403) {
      window.location.reload();
      return;
    }
  } catch (error) {
    // Out of reach for a moment: the work goes on, the next look will tell.
  }
  setTimeout(() => look(job), LOOK_MS);
}

/**
 * @param {HTMLElement} job
 * @param {{done: number, total: number, words: string}} status
 */
function show(job, status) {
  const bar = /** @type {HTMLProgressElement} */ (job.querySelector("progress"));
  const words = /** @type {HTMLElement} */ (job.querySelector(".job-words"));
  if (status.total) {
    bar.max = status.total;
    bar.value = status.done;
  }
  if (words.textContent !== status.words) words.textContent = status.words;
}
