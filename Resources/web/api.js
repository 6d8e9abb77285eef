// The admin API, which is all that these pages use.

import { t } from "./language.js";
import { setClock } from "./words.js";

export const base = "admin/api/v1";
/** A server that has not answered by then is not there. */
const patience = 10000;
let formToken = "";

/** When somebody was at this page last; what it asks by itself long after that is no use of the session, which so can end. */
let touched = performance.now();
const alone = 300000;
for (const sign of ["pointerdown", "keydown", "wheel"]) addEventListener(sign, () => { touched = performance.now(); }, { passive: true });

/** The session that later requests belong to. */
export function remember(session) {
  formToken = session?.csrf_token ?? "";
  return session;
}

/** The sentence of a no for the reader, its status and code for the page. */
class Refusal extends Error {
  constructor(answer, status) {
    const fields = Object.entries(answer?.errors ?? {}).map(([name, problems]) => `${name}: ${problems.join(", ")}`);
    super([answer?.message ?? t`The server answered ${status}.`, ...fields].join(" "));
    this.status = status;
    this.code = answer?.code;
  }
}

/** What a server said no with. A form token that went with its session, which another tab has replaced, is read anew. */
function refusal(answer, status) {
  if (formToken && answer?.code === "form_token_missing") read("/session").then(({ session }) => remember(session), () => {});
  return new Refusal(answer, status);
}

export async function ask(method, path, body) {
  const headers = { "X-CSRF-Token": formToken };
  if (performance.now() - touched > alone) headers["X-Unattended"] = "yes";
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body),
      signal: method === "GET" && path !== "/server/findings" ? AbortSignal.timeout(patience) : null });
    setClock(response.headers.get("Date"));
  } catch {
    dispatchEvent(new Event("unreachable"));
    throw new Error(t`The server does not answer. It may be restarting; try again in a moment.`);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401 && answer?.code === "sign_in_required") dispatchEvent(new Event("signed-out"));
  throw refusal(answer, response.status);
}

export const read = (path) => ask("GET", path);

/** Sends a form of files once, telling which part of how many bytes has gone; `key` tells a repetition from another. */
export function upload(path, data, progress, key) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", base + path);
    request.setRequestHeader("X-CSRF-Token", formToken);
    if (key) request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total, event.total));
    request.addEventListener("load", () =>
      request.status < 300 ? resolve(request.response) : reject(refusal(request.response, request.status)));
    request.addEventListener(
      "error",
      () => reject(new Error(t`The upload was cut off. The file may be larger than the server takes, or the network failed.`))
    );
    request.send(data);
  });
}

const ends = ["completed", "failed", "canceled"];

export const isOver = (status) => ends.includes(status);
export const fileAt = (request, side, position, isView) =>
  `${base}/jobs/${request}/${side}/${position}${isView ? "?view=1" : ""}`;
