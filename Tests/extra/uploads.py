"""Large files in parts by the client of tus' own makers (tuspy), with a server that is killed in between.

usage: uploads.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import hashlib, json, os, signal, socket, subprocess, sys, tempfile, urllib.error, urllib.request

from tusclient import client

wonder = os.path.realpath(sys.argv[1])
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def ask(address, key, document):
    request = urllib.request.Request(address, json.dumps(document).encode(), {
        "Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


with tempfile.TemporaryDirectory(prefix="wonder-uploads-") as folder:
    data = os.path.join(folder, "data")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    def serve():
        process = subprocess.Popen([wonder, "serve", "--data", data, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=os.environ | {"WONDER_ENGINES": "none"})
        process.stdout.readline()
        return process

    server = serve()
    try:
        key = subprocess.check_output([wonder, "quickstart", "--key-only", "--plan", "enterprise", "--data", data], text=True).strip()
        path = os.path.join(folder, "large.bin")
        content = os.urandom(1 << 20) * 9 + b"end"
        with open(path, "wb") as file:
            file.write(content)
        home = f"http://127.0.0.1:{port}"
        status, begun = ask(home + "/api/uploads", key, {"filename": "large.bin", "sizeBytes": len(content)})
        check("an upload is begun", status == 201, begun)
        address = begun["resumable"]["url"]

        def uploader():
            return client.TusClient(home).uploader(path, url=address, chunk_size=2 << 20)

        first = uploader()
        first.upload_chunk()
        first.upload_chunk()
        check("tuspy sends two parts", first.offset == 4 << 20, first.offset)
        server.send_signal(signal.SIGKILL)
        server.wait()
        server = serve()
        second = uploader()
        check("after a kill it goes on where it was", second.offset == 4 << 20, second.offset)
        second.upload()
        check("it sends the rest", second.offset == len(content), second.offset)
        status, done = ask(home + "/api/uploads/complete", key, begun["complete"]["body"])
        check("the upload becomes a file", status == 201 and done["file"]["sha256"] == hashlib.sha256(content).hexdigest(), done)
        with urllib.request.urlopen(done["file"]["download_url"]) as answer:
            check("and its link gives the same bytes", answer.read() == content)
        request = urllib.request.Request(address, method="OPTIONS")
        with urllib.request.urlopen(request) as answer:
            check("the server says which version it speaks", answer.headers["Tus-Version"] == "1.0.0", answer.headers)
    finally:
        server.kill()
        server.wait()
sys.exit(failed > 0)
