// The document as it is now, with the address that its own addresses are meant against.
() => {
  const copy = document.documentElement.cloneNode(true);
  copy.removeAttribute("data-watches-view");
  const head = copy.querySelector("head");
  if (head && !head.querySelector("base[href]") && /^https?:/.test(document.baseURI)) {
    const base = document.createElement("base");
    base.setAttribute("href", document.baseURI);
    head.prepend(base);
  }
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
  return kind + copy.outerHTML + "\n";
}
