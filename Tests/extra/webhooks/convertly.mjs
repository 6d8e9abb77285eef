// The verifier that Convertly's page prints, as printed there but for the types, and a receiver around it.
import { createServer } from "node:http";
import { createHmac, timingSafeEqual } from "node:crypto";

export function verifyConvertlyWebhook(rawBody, header, secret) {
  const parts = Object.fromEntries(header.split(",").map((part) => part.split("=")));
  const payload = `${parts.t}.${rawBody}`;
  const expected = createHmac("sha256", secret).update(payload).digest("hex");

  return timingSafeEqual(Buffer.from(parts.v1), Buffer.from(expected));
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    const holds = verifyConvertlyWebhook(body, request.headers["convertly-signature"], process.env.SECRET);
    response.writeHead(holds ? 200 : 401).end();
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1");
