"""The Flask receiver that KoalaPic's page prints, as printed there but for the secret, and a line that serves it."""
import hashlib
import hmac
import os
from flask import Flask, request, jsonify

app = Flask(__name__)

WEBHOOK_SECRET = os.environ["SECRET"]


@app.route("/webhooks/koalapic", methods=["POST"])
def handle_webhook():
    # Verify the signature
    signature = request.headers.get("X-KoalaPic-Signature")
    payload = request.get_data()

    expected = hmac.new(
        WEBHOOK_SECRET.encode(),
        payload,
        hashlib.sha256,
    ).hexdigest()

    if not hmac.compare_digest(signature, expected):
        return jsonify({"error": "Invalid signature"}), 401

    data = request.json
    event = data["event"]

    if event == "conversion.completed":
        download_url = data["data"]["download_url"]
        print(f"Conversion done! Download: {download_url}")
    elif event == "conversion.failed":
        error = data["data"]["error"]
        print(f"Conversion failed: {error}")

    return jsonify({"received": True}), 200


app.run("127.0.0.1", int(os.environ["PORT"]))
