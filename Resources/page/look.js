// What there is on the page: whether anything, how large it is, and whether something waits to be scrolled to.
() => {
  const root = document.documentElement;
  const body = document.body;
  const lazy = root?.hasAttribute("data-watches-view") || window.onscroll || document.onscroll ||
    document.querySelector("img[loading=lazy], iframe[loading=lazy]");
  root?.removeAttribute("data-watches-view");
  const seen = "img, picture, svg, canvas, video, object, embed, iframe, input, button, textarea, select, hr, table, math";
  const text = (body?.innerText ?? root?.textContent ?? "").trim();
  const painted = body && getComputedStyle(body).backgroundImage !== "none";
  return {
    empty: !text && !painted && !document.querySelector(seen) && !document.querySelector("body *"),
    lazy: Boolean(lazy),
    width: Math.max(root?.scrollWidth ?? 0, body?.scrollWidth ?? 0),
    height: Math.max(root?.scrollHeight ?? 0, body?.scrollHeight ?? 0),
  };
}
