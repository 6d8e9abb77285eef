// The language of the signed-in pages: the reader's choice, else the browser's, where there is a list of its words.
import languages from "./words/languages.js";

/** Where the choice is kept; it belongs to the browser and not to the account. */
const place = "language";
const isKnown = (name) => languages.some(([known]) => known === name);
const wanted = [chosen(), ...navigator.languages.map((name) => name.split("-")[0])];

/** The public pages are written in English. */
export const language = (document.getElementById("app") && wanted.find(isKnown)) ?? "en";
/** How dates and numbers are written: as in the browser's country, where that has the language. */
export const locale = navigator.languages.find((name) => name.split("-")[0] === language) ?? language;
const words = language === "en" ? {} : (await import(`./words/${language}.js`)).default;
document.documentElement.lang = language;

export { languages };

/** The language that was chosen here; none where the browser keeps nothing for pages. */
export function chosen() {
  try {
    return localStorage.getItem(place) ?? "";
  } catch {
    return "";
  }
}

/** Chooses a language, or with nothing the browser's. */
export function choose(name) {
  if (name) localStorage.setItem(place, name);
  else localStorage.removeItem(place);
}

/** A text in the reader's language; what the list lacks stays English. */
export const word = (text) => words[text] ?? text;

/** The same for a text with values in it; in the list these are `{}`, or `{0}`, `{1}` where their order is another. */
export function t(parts, ...values) {
  let next = 0;
  const put = (_, at) => {
    next += 1;
    return values[at === "" ? next - 1 : Number(at)];
  };
  return word(parts.join("{}")).replace(/\{(\d?)\}/g, put);
}
