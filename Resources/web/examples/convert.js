// Converts a picture: sends it, waits for the job, saves the result. Node 18 or newer.
import { readFile, writeFile } from "node:fs/promises";

const server = process.env.WONDER_URL ?? "http://127.0.0.1:8080";
const headers = { "X-API-Key": process.env.WONDER_KEY };

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, headers });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const form = new FormData();
form.set("conversion_type", "image");
form.set("from", "png");
form.set("to", "jpg");
form.set("options[quality]", "80");
form.append("files[]", new Blob([await readFile("photo.png")]), "photo.png");
const { request_id: id } = await ask(`${server}/api/v1/jobs`, { method: "POST", body: form });

let state;
do {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  state = await ask(`${server}/api/v1/jobs/${id}`);
} while (["pending", "processing"].includes(state.job.status));
if (state.job.status !== "completed") throw new Error(state.job.error_message ?? state.job.status);

const result = await fetch(state.outputs[0].download_url);
await writeFile("photo.jpg", Buffer.from(await result.arrayBuffer()));
console.log("saved photo.jpg");
