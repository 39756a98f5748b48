// Texts made of values.

const MONTHS = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const NUMBERS = new Intl.NumberFormat("en");
const DAY = 86_400_000;

/** Returns a year; years before Christ are negative. */
export const yearText = (year) => (year < 0 ? `${-year} BC` : String(year));

export const rateText = (rate) => rate.toFixed(1);

export const count = (number, one, many) => `${NUMBERS.format(number)} ${number === 1 ? one : many}`;

/** Returns when something happened: `yesterday`, or a date. */
export function dateText(timestamp) {
  const date = new Date(timestamp);
  const days = Math.floor((startOfDay(Date.now()) - startOfDay(date)) / DAY + 0.5);
  return days < 7 ? RELATIVE.format(-days, "day") : MONTHS.format(date);
}

const startOfDay = (moment) => new Date(moment).setHours(0, 0, 0, 0);

/** Returns the first letters of a name, at most two. */
export function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}
