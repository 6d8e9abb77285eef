// The document as it is now, in UTF-8, with the address that its own addresses are meant against.
() => {
  const copy = document.documentElement.cloneNode(true);
  copy.removeAttribute("data-watches-view");
  const head = copy.querySelector("head");
  if (head && !head.querySelector("base[href]") && /^https?:/.test(document.baseURI)) {
    const base = document.createElement("base");
    base.setAttribute("href", document.baseURI);
    head.prepend(base);
  }
  for (const meta of copy.querySelectorAll("meta[charset]")) meta.setAttribute("charset", "utf-8");
  for (const meta of copy.querySelectorAll('meta[http-equiv="content-type" i]')) {
    meta.setAttribute("content", "text/html; charset=utf-8");
  }
  const kind = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
  return kind + copy.outerHTML + "\n";
}
