// Runs in each document before its own scripts: notes whether it watches what comes into view, and opens no windows.
(() => {
  const Watcher = window.IntersectionObserver;
  if (Watcher) {
    const watching = new Proxy(Watcher, {
      construct(target, list, made) {
        document.documentElement?.setAttribute("data-watches-view", "");
        return Reflect.construct(target, list, made);
      },
    });
    Object.defineProperty(window, "IntersectionObserver", { value: watching, configurable: true, writable: true });
  }
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (kind, ...rest) {
    if (kind === "scroll") document.documentElement?.setAttribute("data-watches-view", "");
    return listen.call(this, kind, ...rest);
  };
  window.open = () => null;
  window.print = () => {};
})();
