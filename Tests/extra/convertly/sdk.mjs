// A client as the vendor's JavaScript library is, written from what is known of it: Bearer alone, a base URL, forms and JSON,
// `error` of application/json on failures, and wait() that asks until a job is completed or failed.
// usage: node sdk.mjs BASE KEY PICTURE [FILM]; prints a line for each check and exits 1 when one fails.
import { readFile } from "node:fs/promises";

const [base, key, picturePath, filmPath] = process.argv.slice(2);
const picture = await readFile(picturePath);
let failed = 0;

function check(name, holds, shown = "") {
  if (!holds) failed += 1;
  console.log(holds ? "ok  " : "FAIL", name, holds ? "" : JSON.stringify(shown)?.slice(0, 500));
}

class Failure extends Error {
  constructor(message, status, body) {
    super(message);
    Object.assign(this, { status, body });
  }
}

class Client {
  constructor(apiKey, baseUrl) {
    Object.assign(this, { apiKey, baseUrl: baseUrl.replace(/\/$/, "") });
  }

  async request(path, init = {}) {
    const response = await fetch(this.baseUrl + path, {
      ...init,
      headers: { Authorization: `Bearer ${this.apiKey}`, ...(init.headers ?? {}) },
    });
    const isJSON = (response.headers.get("content-type") ?? "").includes("application/json");
    const body = isJSON ? await response.json() : await response.text();
    if (!response.ok) {
      const text = typeof body === "object" && body && "error" in body ? String(body.error) : response.statusText;
      throw new Failure(text, response.status, body);
    }
    return body;
  }

  json(path, body, method = "POST") {
    const headers = { "Content-Type": "application/json" };
    return this.request(path, { method, body: JSON.stringify(body), headers });
  }

  form(path, field, { file, filename, sourceUrl, contentType, ...options }) {
    const form = new FormData();
    if (sourceUrl) form.append("sourceUrl", sourceUrl);
    else form.append(field, new Blob([file], { type: contentType }), filename ?? "upload");
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || value === null) continue;
      form.append(name, typeof value === "boolean" ? (value ? "true" : "false") : String(value));
    }
    return this.request(path, { method: "POST", body: form });
  }

  convert = (options) => this.form("/api/convert", "files", options);
  compress = (options) => this.form("/api/compress", "files", options);
  tool = (name, options) => this.form(`/api/media/${name}`, "file", options);
  job = (id) => this.request(`/api/jobs/${encodeURIComponent(id)}`);

  async wait(id, { intervalMs = 2000, timeoutMs = 120000 } = {}) {
    for (const start = Date.now(); ; ) {
      const job = await this.job(id);
      if (job.status === "completed" || job.status === "failed") return job;
      if (Date.now() - start > timeoutMs) throw new Error("timed out");
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  }
}

const client = new Client(key, base + "/");
const upload = { file: picture, filename: "photo.png" };
const fast = { intervalMs: 50 };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** What a call comes to; a failure is told, and nothing more of that check. */
async function attempt(name, call, holds) {
  try {
    const result = await call();
    check(name, await holds(result), result);
    return result;
  } catch (error) {
    check(name, false, `${error.status ?? ""} ${error.message}`);
  }
}

async function isDownloadable(file) {
  const response = await fetch(file.downloadUrl);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return response.ok && bytes.length === file.finalSize;
}

async function refusal(name, call, status) {
  try {
    check(name, false, await call());
  } catch (error) {
    const { body } = error;
    check(name, error.status === status && typeof body?.error === "string" && body.error === error.message, body);
  }
}

/** Calls of parts that say 403 not_available, or that are not there, count as left out. */
async function isThere(call) {
  try {
    await call();
    return true;
  } catch (error) {
    return ![403, 404].includes(error.status);
  }
}

await attempt("convert", () => client.convert({ ...upload, format: "jpg", compression: "60", resize: "original" }),
  async ({ files, storage }) =>
    files.length === 1 && files[0].filename === "photo.jpg" && files[0].originalSize === picture.length &&
    files[0].mimeType === "image/jpeg" && files[0].appliedQuality === 60 && typeof files[0].savedPercent === "number" &&
    storage.saved === false && (await isDownloadable(files[0])));
await attempt("compress", () => client.compress({ ...upload, mode: "quality", quality: 70, stripMetadata: true }),
  async ({ files }) => files[0].mimeType === "image/png" && (await isDownloadable(files[0])));
for (const [tool, options, type] of [
  ["thumbnail", { width: 64, height: 64 }, "image/jpeg"],
  ["transform", { format: "png", width: 50, rotate: 90, flip: false }, "image/png"],
  ["image-to-pdf", { pageSize: "a4" }, "application/pdf"],
  ["adjust", { brightness: 1.1 }, "image/png"],
]) {
  await attempt(tool, () => client.tool(tool, { ...upload, ...options }),
    async ({ files }) => files[0].mimeType === type && (await isDownloadable(files[0])));
}
await attempt("inspect", () => client.tool("inspect", upload), async ({ media, files }) => {
  const told = JSON.parse(await (await fetch(files[0].downloadUrl)).text());
  return media.width === told.width && media.filename === "photo.png" && media.sizeBytes === picture.length &&
    media.kind === "image" && Array.isArray(media.streams);
});
if (filmPath) {
  const film = { file: await readFile(filmPath), filename: "film.mp4" };
  for (const [tool, options] of [
    ["thumbnail", { timestamp: 1 }], ["poster-frame", { timestamp: 1 }], ["extract-audio", { format: "mp3" }],
    ["trim", { start: 0, duration: 1 }], ["gif", { duration: 1 }], ["storyboard", { frames: 4, columns: 2 }],
  ]) {
    await attempt(`${tool} of a film`, () => client.tool(tool, { ...film, ...options }),
      async ({ files }) => isDownloadable(files[0]));
  }
} else {
  console.log("skip films: ffmpeg is not here");
}
const queued = await attempt("a tool as a job", () => client.tool("thumbnail", { ...upload, async: true }),
  (job) => uuid.test(job.jobId) && job.tool === "thumbnail" && typeof job.status === "string");
await attempt("jobs.wait", () => client.wait(queued.jobId, fast),
  async (job) =>
    job.status === "completed" && job.jobType === "media_tool" && job.progress === 100 && job.totalFiles === 1 &&
    job.errorMessage === null && (await isDownloadable(job.results[0])));
await attempt("jobs.list", () => client.request("/api/jobs"),
  ({ jobs, pagination }) => jobs.some((job) => job.jobId === queued.jobId) && pagination.limit === 20);
await refusal("jobs.cancel of a job that has ended",
  () => client.request(`/api/jobs/${queued.jobId}`, { method: "DELETE" }), 409);
await refusal("an unknown job", () => client.job("00000000-0000-4000-8000-000000000000"), 404);
await attempt("files[0]", () => client.form("/api/jobs", "files[0]", { ...upload, format: "jpg", saveToStorage: true }),
  (job) => uuid.test(job.jobId));
await refusal("remove-background", () => client.tool("remove-background", upload), 403);
await refusal("video.streams.create", () => client.json("/api/video/streams", { sourceFileId: "x" }), 403);
await refusal("video.streams.list", () => client.request("/api/video/streams?limit=5"), 403);
await refusal("a wrong key", () => new Client("cvly_wrong", base).convert({ ...upload, format: "jpg" }), 401);
await refusal("a wrong format", () => client.convert({ ...upload, format: "gold" }), 400);

const stored = await attempt("files.upload", () => client.form("/api/files", "file", upload),
  ({ file }) => uuid.test(file.id) && file.filename === "photo.png" && file.size_bytes === picture.length);
if (stored) {
  const { id } = stored.file;
  await attempt("files.get", () => client.request(`/api/files/${id}`, { headers: { Accept: "application/json" } }),
    async ({ file }) => file.expiresIn > 0 && (await fetch(file.download_url)).ok && (await fetch(file.downloadUrl)).ok);
  await attempt("files.list", () => client.request("/api/files?folderId=null&limit=10"),
    ({ files, pagination }) => files.some((file) => file.id === id) && pagination.hasMore === false);
  await attempt("files.update", () => client.json(`/api/files/${id}`, { filename: "other.png" }, "PATCH"),
    ({ file }) => file.filename === "other.png");
  await attempt("files.search", () => client.request("/api/files/search?q=other"),
    ({ files, applied }) => files.length === 1 && applied.q === "other");
  const folder = await attempt("folders.create", () => client.json("/api/folders", { name: "pictures", parentId: null }),
    ({ folder }) => uuid.test(folder.id) && folder.parent_id === null);
  await attempt("folders.update", () => client.json(`/api/folders/${folder.folder.id}`, { name: "more" }, "PATCH"),
    ({ folder }) => folder.name === "more");
  await attempt("folders.list", () => client.request("/api/folders"), ({ folders }) => folders.length === 1);
  const session = await attempt("uploads.createSession",
    () => client.json("/api/uploads", {
      filename: "large.png", contentType: "image/png", sizeBytes: picture.length, folderId: folder.folder.id,
      resumable: true,
    }), ({ upload, complete }) => upload.signedUrl && upload.expiresInSeconds > 0 && complete.body.filename);
  const put = await fetch(session.upload.signedUrl, {
    method: session.upload.method, headers: { "Content-Type": "image/png" }, body: picture,
  });
  check("uploads.putObject", put.ok, await put.text());
  const large = await attempt("uploads.complete", () => client.json("/api/uploads/complete", session.complete.body),
    ({ file }) => file.folder_id === folder.folder.id && file.size_bytes === picture.length);
  await attempt("a stored file into a conversion", () => client.json("/api/media/signed-transform", {
    fileId: large.file.id, preset: "avatar", format: "png",
  }), async ({ url, expiresAt }) => {
    const answer = await fetch(url);
    return answer.ok && answer.headers.get("content-type") === "image/png" && !Number.isNaN(Date.parse(expiresAt));
  });
  await attempt("saveToStorage", () => client.convert({ ...upload, format: "jpg", saveToStorage: true }),
    async ({ files, storage }) => storage.saved === true && uuid.test(files[0].storedFileId));
  await attempt("files.delete", () => client.request(`/api/files/${large.file.id}`, { method: "DELETE" }),
    ({ success, message }) => success === true && typeof message === "string");
  await attempt("folders.delete", () => client.request(`/api/folders/${folder.folder.id}`, { method: "DELETE" }),
    ({ success }) => success === true);
}

const amount = { amount: "12.50", from: "EUR", to: "USD", precision: 4, idempotencyKey: "invoice-1" };
if (await isThere(() => client.json("/api/currency/convert", { amount: "1", from: "EUR", to: "EUR" }))) {
  try {
    const told = await client.json("/api/currency/convert", amount);
    check("currency.convert", told.object === "currency.conversion" && told.id === "invoice-1" &&
      typeof told.convertedAmount === "string" && Array.isArray(told.ratePath), told);
  } catch (error) {
    check("currency.convert without rates", error.status === 422 && error.body.error, error.body);
  }
} else {
  console.log("skip currency: not on this server");
}
if (await isThere(() => client.request("/api/workflows"))) {
  await attempt("workflows.list", () => client.request("/api/workflows"), ({ workflows }) => Array.isArray(workflows));
  const steps = [{ type: "resize", resize: "width", width: 40 }, { type: "convert", format: "jpg" }];
  const made = await attempt("workflows.create", () => client.json("/api/workflows", { name: "small", steps }),
    ({ workflow }) => uuid.test(workflow.id) && workflow.name === "small");
  const run = await attempt("workflows.run",
    () => client.form(`/api/workflows/${made?.workflow.id}/run`, "file", upload), ({ jobId }) => uuid.test(jobId));
  await attempt("what it has made", () => client.wait(run.jobId, fast),
    async ({ status, results }) => status === "completed" && (await isDownloadable(results[0])));
} else {
  console.log("skip workflows: not on this server");
}
if (await isThere(() => client.request("/api/webhooks/deliveries?limit=25"))) {
  await attempt("webhooks.deliveries", () => client.request("/api/webhooks/deliveries?limit=25"),
    ({ deliveries }) => Array.isArray(deliveries));
} else {
  console.log("skip webhook deliveries: not on this server");
}
process.exit(failed ? 1 : 0);
