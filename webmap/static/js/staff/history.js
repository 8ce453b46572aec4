// What was drawn, step by step, so that each step can be taken back.

const MOST = 200;

/** Versions of a drawing as text, and which of them is shown. */
export class History {
  /** @param {string} first */
  constructor(first) {
    this.steps = [first];
    this.at = 0;
  }

  get now() {
    return this.steps[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.steps.length - 1;
  }

  /**
   * Keep a step; what was taken back before is gone.
   * @param {string} step
   * @returns {boolean} whether it differs from the one before
   */
  add(step) {
    if (step === this.now) return false;
    this.steps.splice(this.at + 1, this.steps.length, step);
    if (this.steps.length > MOST) this.steps.shift();
    this.at = this.steps.length - 1;
    return true;
  }

  /** @param {-1 | 1} way */
  move(way) {
    this.at = Math.min(this.steps.length - 1, Math.max(0, this.at + way));
    return this.now;
  }
}
