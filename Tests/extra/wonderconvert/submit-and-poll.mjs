// The client of the WonderConvert page, as printed there but for the host, and a caller for it.
const apiKey = process.env.WONDERCONVERT_API_KEY;

async function submitAndPoll(formData) {
  const createResponse = await fetch("https://wonderconvert.com/api/v1/jobs", {
    method: "POST",
    headers: {
      "X-API-Key": apiKey,
      "Idempotency-Key": `job-${Date.now()}`
    },
    body: formData
  });

  const created = await createResponse.json();
  let statusUrl = created.job_status_url;

  while (true) {
    const statusResponse = await fetch(statusUrl, {
      headers: { "X-API-Key": apiKey }
    });

    const status = await statusResponse.json();

    if (status.job.status === "completed") return status.outputs;
    if (status.job.status === "failed") throw new Error(status.job.error_message);

    await new Promise(resolve => setTimeout(resolve, 3000));
  }
}

import { readFile } from "node:fs/promises";

const formData = new FormData();
formData.append("conversion_type", "image");
formData.append("from", "png");
formData.append("to", "jpg");
formData.append("total_files", "1");
formData.append("files[]", new Blob([await readFile(process.argv[2])]), "output.png");
console.log(JSON.stringify(await submitAndPoll(formData)));
