// Two pictures over each other, with a slider between them.
import { el, whole } from "./dom.js";
import { t } from "./language.js";

/** What a browser shows as a picture. */
export const pictures = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif", "image/svg+xml", "image/vnd.microsoft.icon"];
export const shownFormats = ["png", "jpg", "jpeg", "gif", "webp", "bmp", "avif", "svg", "ico"];

/** The picture before and after; the slider says how much of the one before is seen. */
export function compare(before, after, name) {
  const box = el(
    "div", { class: "compare" }, el("img", { src: after, alt: t`After: ${name}` }),
    el("img", { src: before, alt: t`Before: ${name}`, class: "before" }),
    el("span", { class: "badge" }, t`Before`), el("span", { class: "badge" }, t`After`)
  );
  return whole(el("div", { class: "stack compared" }, box, el("input", {
    type: "range", min: 0, max: 100, value: 50, "aria-label": t`How much of ${name} is shown as it was before`,
    oninput: ({ target }) => box.style.setProperty("--at", `${target.value}%`),
  })));
}
