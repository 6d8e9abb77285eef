// Keeps a page as the server has it: one stream says when to look again, and a server that does not answer is said and
// asked until it does.
import { base, read } from "./api.js";
import { el, note } from "./dom.js";
import { locale, t } from "./language.js";
import { tick } from "./words.js";

/** A note of the stream stands for all that changes within this time, in milliseconds. */
const span = 300;
/** The shortest time between two looks, and the longest. */
const [least, most] = [400, 15000];
const longestPause = 5000;

/** A function that runs `work` again: a call during a run brings another one after it, however many calls there are. */
export function inTurn(work) {
  let [running, next] = [Promise.resolve(), null];
  return () => {
    next ??= running.catch(() => {}).then(() => {
      next = null;
      running = work();
      return running;
    });
    return next;
  };
}

/** Calls `look` whenever something has changed; `place` is where a loss is said. Gives what ends it. */
export function keep(workspace, look, place, every = most) {
  let [source, hasEnded, isRegaining, looked, due, timer, seen] = [null, false, false, -least, 0, null, new Date()];

  const lookNow = async () => {
    clearTimeout(timer);
    timer = null;
    looked = performance.now();
    if (due > looked) plan();
    try {
      await look();
      seen = new Date();
    } catch {
      regain();
    }
  };
  const plan = () => {
    timer ??= setTimeout(lookNow, Math.max(due, looked + least) - performance.now());
  };
  /** Looks at once if that was not done just now, and once more when the time is over that the note stands for. */
  const changed = () => {
    if (document.hidden || hasEnded) return;
    due = performance.now() + span;
    if (performance.now() - looked >= least) lookNow();
    else plan();
  };
  const open = () => {
    source?.close();
    source = new EventSource(`${base}/changes?workspace=${encodeURIComponent(workspace)}`);
    source.addEventListener("changed", changed);
    source.addEventListener("error", regain);
  };
  /** Asks until the server answers, and says meanwhile that it does not. */
  async function regain() {
    if (isRegaining || hasEnded) return;
    isRegaining = true;
    source?.close();
    let wasLost = false;
    for (let pause = 500; !hasEnded; pause = Math.min(pause * 2, longestPause)) {
      try {
        await read("/session");
        await look();
        break;
      } catch (error) {
        // The door is open by then.
        if (error.status === 401) return;
        if (error.status && error.status < 500 && error.status !== 429) break;
      }
      wasLost = true;
      say(
        "bad", el("strong", {}, t`The server does not answer. `),
        t`This page shows what was known at ${seen.toLocaleTimeString(locale)}. It is asked again until it answers.`
      );
      await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
    isRegaining = false;
    if (hasEnded) return;
    seen = new Date();
    if (wasLost) {
      say("good", t`The server answers again, and this page is up to date.`);
      setTimeout(() => isRegaining || place.replaceChildren(), 8000);
    }
    // A stream that cannot be had is asked for again in a while; until then the page looks by itself.
    setTimeout(() => hasEnded || isRegaining || document.hidden || open(), wasLost ? 0 : 1000);
  }
  const say = (kind, ...words) => {
    if (hasEnded || place.dataset.kind === kind && place.firstChild) return;
    place.dataset.kind = kind;
    place.replaceChildren(note(kind, ...words));
  };
  // A browser has six connections for all its tabs, so those that nobody looks at, and pages kept for the way back, have none.
  const leave = () => {
    source?.close();
    source = null;
  };
  const onSight = () => (document.hidden ? leave() : isRegaining || open());
  const onReturn = (event) => event.persisted && onSight();
  const ticking = setInterval(() => document.hidden || tick(), 1000);
  const looking = setInterval(() => document.hidden || isRegaining || performance.now() - looked < every || lookNow(), 1000);
  document.addEventListener("visibilitychange", onSight);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", onReturn);
  addEventListener("unreachable", regain);
  addEventListener("offline", regain);
  onSight();
  return () => {
    hasEnded = true;
    leave();
    clearTimeout(timer);
    clearInterval(ticking);
    clearInterval(looking);
    document.removeEventListener("visibilitychange", onSight);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", onReturn);
    removeEventListener("unreachable", regain);
    removeEventListener("offline", regain);
  };
}
