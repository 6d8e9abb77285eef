// Where the element is on the page, in CSS pixels; null when there is none.
(selector) => {
  const element = document.querySelector(selector);
  if (!element) return null;
  const place = element.getBoundingClientRect();
  return { x: place.x + scrollX, y: place.y + scrollY, width: place.width, height: place.height };
}
