// Resolves with true when the selector finds something, with false when the time is over.
(selector, milliseconds) => new Promise((resolve, reject) => {
  const find = () => document.querySelector(selector) !== null;
  if (find()) return resolve(true);
  const watcher = new MutationObserver(() => { if (find()) end(true); });
  const timer = setTimeout(() => end(false), milliseconds);
  const end = (found) => {
    watcher.disconnect();
    clearTimeout(timer);
    resolve(found);
  };
  watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})
