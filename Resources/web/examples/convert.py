"""Converts a picture: sends it, waits for the job, saves the result. Python 3 and its standard library."""
import json, os, time, urllib.request, uuid

server = os.environ.get("WONDER_URL", "http://127.0.0.1:8080")
headers = {"X-API-Key": os.environ["WONDER_KEY"]}


def ask(address, body=None, content_type=None):
    extra = {"Content-Type": content_type} if content_type else {}
    with urllib.request.urlopen(urllib.request.Request(address, body, {**headers, **extra})) as answer:
        return json.load(answer)


def form(fields, name, path):
    boundary = uuid.uuid4().hex
    body = b""
    for field, value in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{path}"\r\n\r\n'.encode()
    with open(path, "rb") as file:
        body += file.read() + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


fields = {"conversion_type": "image", "from": "png", "to": "jpg", "options[quality]": 80}
job = ask(f"{server}/api/v1/jobs", *form(fields, "files[]", "photo.png"))

while True:
    state = ask(f"{server}/api/v1/jobs/{job['request_id']}")
    if state["job"]["status"] not in ("pending", "processing"):
        break
    time.sleep(1)
if state["job"]["status"] != "completed":
    raise SystemExit(state["job"].get("error_message", state["job"]["status"]))

urllib.request.urlretrieve(state["outputs"][0]["download_url"], "photo.jpg")
print("saved photo.jpg")
