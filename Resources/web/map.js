// Which format can be made of which, as a table.
import { el, small } from "./dom.js";
import { t } from "./language.js";

export function formatMap(list) {
  const targets = [...new Set(list.formats.flatMap((format) => format.to))];
  const title = new Map(list.formats.map((format) => [format.from, format.title]));
  return el("div", { class: "stack" },
    el("div", { class: "table map", tabindex: "0", role: "region", "aria-label": t`From and to` }, el("table", {},
      el("caption", { class: "heard" }, t`Rows are what is read, columns what is written`),
      el(
        "thead", {},
        el(
          "tr", {}, el("th", { scope: "col" }, t`From \\ to`),
          targets.map((target) => el("th", { scope: "col" }, title.get(target) ?? target.toUpperCase()))
        )
      ),
      el("tbody", {}, list.formats.map((format) => el("tr", {}, el("th", { scope: "row" }, format.title),
        targets.map((target) => el("td", { class: format.to.includes(target) ? "yes" : "soft" },
          format.to.includes(target) ? el(
            "span", {}, el("span", { "aria-hidden": "true" }, "✓"), el("span", { class: "heard" }, t`yes`)
          ) : el("span", {}, el("span", { "aria-hidden": "true" }, "·"), el("span", { class: "heard" }, t`no`))))))))),
    small(t`Each pair marked here works on this machine now, with engines that are built in or installed.`
    ));
}
