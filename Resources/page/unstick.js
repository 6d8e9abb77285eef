// Puts what stays in place back into the flow of the page, so that it is there once and covers nothing.
() => {
  for (const element of document.querySelectorAll("body *")) {
    const position = getComputedStyle(element).position;
    if (position === "sticky") element.style.setProperty("position", "static", "important");
    if (position === "fixed") element.style.setProperty("position", "absolute", "important");
  }
}
