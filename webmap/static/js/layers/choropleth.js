// Counties coloured by a measure; zero and "no data" have colours of their own.

/**
 * The answer with the colours for the page's ground; the theme may follow the reader's system.
 * @param {ChoroplethAnswer} answer
 * @returns {ChoroplethAnswer}
 */
export function onGround(answer) {
  if (getComputedStyle(document.documentElement).colorScheme !== "dark") return answer;
  const dark = new Map([[answer.zero_colour, answer.dark_zero_colour], ...answer.colours.map((colour, at) => /** @type {[string, string]} */ ([colour, answer.dark_colours[at]]))]);
  return {
    ...answer,
    colours: answer.dark_colours,
    zero_colour: answer.dark_zero_colour,
    legend: answer.legend.map((row) => ({...row, colour: dark.get(row.colour) || row.colour})),
  };
}

/**
 * The colour of every county. A class holds its upper edge, not its lower one.
 * @param {ChoroplethAnswer} answer
 * @returns {{[adcode: string]: string}}
 */
export function coloursOf(answer) {
  /** @type {{[adcode: string]: string}} */
  const colours = {};
  for (const [adcode, value] of Object.entries(answer.values)) {
    if (value === null) colours[adcode] = "url(#no-data)";
    else if (value === 0) colours[adcode] = answer.zero_colour;
    else colours[adcode] = answer.colours[classOf(value, answer.breaks)] || answer.zero_colour;
  }
  return colours;
}

/**
 * @param {number} value
 * @param {number[]} breaks edges, one more than classes
 */
function classOf(value, breaks) {
  for (let at = 1; at < breaks.length; at += 1) if (value <= breaks[at]) return at - 1;
  return breaks.length - 2;
}
