// Resolves when fonts and pictures that are in the document have been read, and two frames have been drawn, or after a while;
// what has no script draws nothing of its own in a frame.
(milliseconds) => Promise.race([
  new Promise((resolve) => setTimeout(resolve, milliseconds)),
  (async () => {
    await document.fonts?.ready;
    const pictures = [...document.images].filter((picture) => !picture.complete);
    await Promise.all(pictures.map((picture) => new Promise((resolve) => {
      picture.addEventListener("load", resolve, { once: true });
      picture.addEventListener("error", resolve, { once: true });
    })));
    if (!document.querySelector("script, iframe, [onload]")) return;
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); setTimeout(resolve, 100); });
    await frame();
    await frame();
  })(),
])
