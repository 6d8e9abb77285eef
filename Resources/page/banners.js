// Hides what asks for consent: by a list of selectors, and what stays in place and speaks of it.
(selectors) => {
  const hide = (element) => {
    if (element === document.body || element === document.documentElement) return;
    element.style.setProperty("display", "none", "important");
  };
  for (const selector of selectors) {
    try { document.querySelectorAll(selector).forEach(hide); } catch { continue; }
  }
  const words = /cookie|consent|gdpr|privacy|einwilligung|datenschutz|rgpd|confidentialit|privacidad/i;
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (style.position !== "fixed" && style.position !== "sticky") continue;
    const told = element.id + " " + element.className + " " + (element.getAttribute("aria-label") ?? "");
    const text = (element.innerText ?? "").slice(0, 2000);
    const asks = element.querySelector("button, a, input") && words.test(text);
    if (words.test(told) || asks) hide(element);
  }
  // A page behind such a question is often kept from scrolling.
  for (const element of [document.documentElement, document.body]) {
    if (element && /hidden|clip/.test(getComputedStyle(element).overflowY)) {
      element.style.setProperty("overflow", "visible", "important");
    }
  }
}
