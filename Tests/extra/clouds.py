"""Files of S3 and FTP, and backups to S3, against moto (whose S3 checks every signature by botocore) and pyftpdlib.

usage: clouds.py WONDER; prints a line for each check and exits 1 when one fails.
"""
import hashlib, json, logging, os, re, signal, socket, struct, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request, zlib

import boto3
from botocore.config import Config
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

wonder = os.path.realpath(sys.argv[1])
here = os.path.dirname(os.path.realpath(__file__))
photo = open(os.path.join(here, "../../Resources/samples/photo.png"), "rb").read()
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def large_png(side):
    """One colour, whose BMP is large."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = zlib.compress(b"".join(b"\0" + bytes([y % 251]) * (3 * side) for y in range(side)), 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


with tempfile.TemporaryDirectory(prefix="wonder-clouds-") as folder:
    data = os.path.join(folder, "data")

    def admin(*words):
        return subprocess.check_output([wonder, "admin", *words, "--data", data], text=True).strip()

    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    # The first three calls may be anybody's; from then on each signature is checked.
    store = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL,
        stderr=open(os.path.join(folder, "moto.log"), "w"), env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "3"})
    ftp_folder = os.path.join(folder, "ftp")
    os.makedirs(ftp_folder)
    users = DummyAuthorizer()
    users.add_user("ann", "pass word", ftp_folder, perm="elradfmwMT")
    FTPHandler.authorizer = users
    # What the server says of its own address is not believed.
    FTPHandler.masquerade_address = "127.0.0.9"
    FTPHandler.proto_cmds = {name: facts for name, facts in FTPHandler.proto_cmds.items() if name != "EPSV"}
    logging.basicConfig(level=logging.CRITICAL)
    ftp = ThreadedFTPServer(("127.0.0.1", 0), FTPHandler)
    ftp_port = ftp.socket.getsockname()[1]
    threading.Thread(target=ftp.serve_forever, daemon=True).start()
    server = None
    try:
        admin("workspace", "create", "clouds", "--plan", "enterprise")
        key = admin("key", "issue", "clouds")
        log = open(os.path.join(folder, "wonder.log"), "w+")
        server = subprocess.Popen(
            [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0", "--allow-private-targets", "127.0.0.0/8"],
            stdout=subprocess.PIPE, stderr=log, text=True)
        base = re.search(r"http://\S+", server.stdout.readline()).group(0)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)

        def client(service, user="a", secret="b"):
            return boto3.client(service, endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id=user,
                                aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}))

        anybody = client("iam")
        anybody.create_user(UserName="ann")
        anybody.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
        opened = anybody.create_access_key(UserName="ann")["AccessKey"]
        s3 = client("s3", opened["AccessKeyId"], opened["SecretAccessKey"])
        place = {"LocationConstraint": "eu-central-1"}
        for bucket in ["pictures", "results"]:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        odd = "Bilder-2026/my photo.png"
        s3.put_object(Bucket="pictures", Key=odd, Body=photo, ChecksumAlgorithm="SHA256")
        s3.put_object(Bucket="pictures", Key="large.png", Body=large_png(5000))

        def ask(method, path, document=None):
            body = None if document is None else json.dumps(document).encode()
            request = urllib.request.Request(
                base + path, body, {"X-API-Key": key, "Content-Type": "application/json"}, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, json.loads(answer.read())
            except urllib.error.HTTPError as error:
                return error.code, json.loads(error.read())

        def of_s3(bucket, name, **others):
            return {"s3": {"endpoint": endpoint, "region": "eu-central-1", "bucket": bucket, "key": name,
                           "access_key_id": opened["AccessKeyId"], "secret_access_key": opened["SecretAccessKey"],
                           **others}}

        def of_ftp(path, **others):
            return {"ftp": {"host": f"127.0.0.1:{ftp_port}", "path": path, "user": "ann", "password": "pass word",
                            **others}}

        def run(file, targets=(), to="jpg", wait=60, source="png"):
            status, taken = ask("POST", "/api/v1/jobs", {
                "conversion_type": "image", "from": source, "to": to, "inputs": [file], "outputs": list(targets)})
            if status != 202:
                return taken
            end = time.monotonic() + wait
            while time.monotonic() < end:
                answer = ask("GET", "/api/v1/jobs/" + taken["request_id"])[1]
                if answer["job"]["status"] in ("completed", "failed"):
                    return answer
                time.sleep(0.05)
            return answer

        def content(bucket, name):
            return s3.get_object(Bucket=bucket, Key=name)["Body"].read()

        def download(answer):
            link = answer["outputs"][0]["download_url"]
            with urllib.request.urlopen(base + link[link.index("/", 8):], timeout=60) as reply:
                return reply.read()

        answer = run(of_s3("pictures", odd), [of_s3("results", "made/{job}/{name}"), of_ftp("a/b/{stem}.{extension}")])
        job = answer.get("job", {})
        check("an object becomes a job", job.get("status") == "completed", answer)
        check("both of its targets say completed", [t["status"] for t in job.get("targets", [])] == ["completed"] * 2, job)
        made = download(answer)
        name = f"made/{job['request_id']}/my photo.jpg"
        check("its output is in the bucket", content("results", name) == made)
        check("with its type", s3.head_object(Bucket="results", Key=name)["ContentType"] == "image/jpeg")
        path = os.path.join(ftp_folder, "a/b/my photo.jpg")
        check("and on the FTP server, in folders made for it", os.path.exists(path) and open(path, "rb").read() == made)
        check("the document shows no secret", opened["SecretAccessKey"] not in json.dumps(answer)
              and "pass word" not in json.dumps(answer))

        open(os.path.join(ftp_folder, "photo 1.png"), "wb").write(photo)
        answer = run(of_ftp("photo 1.png"), [of_ftp("/root/")])
        check("a file of an FTP server becomes a job", answer["job"]["status"] == "completed", answer)
        check("a path from the root ends with the output's name", os.path.exists(os.path.join(ftp_folder, "root/photo 1.jpg")))

        answer = run(of_s3("pictures", "large.png"), [of_s3("results", "large.bmp")], to="bmp", wait=240)
        job = answer["job"]
        check("a large output goes in parts", job.get("targets", [{}])[0].get("status") == "completed", answer)
        head = s3.head_object(Bucket="results", Key="large.bmp")
        check("as one object of several parts", head["ETag"].endswith('-5"'), head)
        check("with every byte", hashlib.sha256(content("results", "large.bmp")).digest()
              == hashlib.sha256(download(answer)).digest())
        check("and no upload is left open", not s3.list_multipart_uploads(Bucket="results").get("Uploads"))

        # What the workspace keeps, in place of what opens it.
        in_s3 = {member: value for member, value in of_s3("pictures", "")["s3"].items() if member not in ("key", "bucket")}
        in_ftp = {member: value for member, value in of_ftp("")["ftp"].items() if member != "path"}
        for name, document in [("results", {"kind": "s3", "bucket": "results"} | in_s3), ("all", {"kind": "s3"} | in_s3),
                               ("files", {"kind": "ftp"} | in_ftp), ("bad", {"kind": "ftp"} | in_ftp | {"password": "x"})]:
            status, kept = ask("PUT", "/api/v1/storages/" + name, document)
            check(f"the storage {name} is kept", status == 201 and opened["SecretAccessKey"] not in json.dumps(kept), kept)
            tried = ask("POST", f"/api/v1/storages/{name}/test", {})[1]
            check("and tried", tried["works"] == (name != "bad")
                  and (name != "bad" or "user name or password" in tried["message"]), tried)
        answer = run({"url": "s3://pictures/" + odd}, ["s3://results/kept/{name}", {"ftp": {"storage": "files", "path": "kept/"}}])
        check("a job by the bucket of a storage, and of any", [t["status"] for t in answer.get("job", {}).get("targets", [])]
              == ["completed"] * 2 and content("results", "kept/my photo.jpg") == download(answer), answer)
        answer = run({"ftp": {"storage": "files", "path": "kept/my photo.jpg"}}, ["s3://results/again.png"], to="png", source="jpg")
        check("a file of a stored FTP server, back to the bucket", answer.get("job", {}).get("status") == "completed"
              and content("results", "again.png")[:4] == b"\x89PNG", answer)
        for name in ["results", "all", "files", "bad"]:
            ask("DELETE", "/api/v1/storages/" + name)

        for name, source, code, words in [
            ("a wrong secret", of_s3("pictures", odd, secret_access_key="x"), "download_denied", "SignatureDoesNotMatch"),
            ("an unknown key", of_s3("pictures", odd, access_key_id="AKIAX"), "download_denied", "InvalidAccessKeyId"),
            ("no such bucket", of_s3("nothing", "a.png"), "download_missing", "no such bucket"),
            ("no such object", of_s3("pictures", "none.png"), "download_missing", "no such file"),
            ("a wrong password", of_ftp("photo 1.png", password="x"), "download_denied", "user name or password"),
            ("no such file", of_ftp("none.png"), "download_missing", "does not have the file"),
            ("a server without TLS where it is needed", of_ftp("photo 1.png", tls=True), "download_tls", "TLS"),
        ]:
            answer = run(source)["job"]
            check(name + " is said in words", answer.get("error_code") == code and words in answer["error_message"], answer)
        for name, target, words in [
            ("a wrong secret", of_s3("results", "x", secret_access_key="x"), "SignatureDoesNotMatch"),
            ("no such bucket", of_s3("nothing", "x"), "no such bucket"),
            ("a wrong password", of_ftp("x", password="x"), "user name or password"),
        ]:
            answer = run(of_ftp("photo 1.png"), [target, of_ftp("good/")])
            states = answer["job"].get("targets", [])
            check(name + " of a target leaves the job its output", answer["job"]["status"] == "completed"
                  and [state["status"] for state in states] == ["failed", "completed"]
                  and words in states[0]["message"] and download(answer)[:2] == b"\xff\xd8", answer)
        status, answer = ask("POST", "/api/v1/jobs", {
            "conversion_type": "image", "from": "png", "to": "jpg", "inputs": [of_s3("pictures", "../x.png")]})
        check("a key with steps up is refused by name", status == 422 and "inputs[0].s3.key" in answer["errors"], answer)
        own = os.path.join(folder, "own")
        keeper = subprocess.Popen(
            [wonder, "serve", "--data", own, "--listen", "127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=log,
            env=os.environ | {
                "WONDER_BACKUP_SCHEDULE": "daily 03:00", "WONDER_BACKUP_TO": "s3://results/nightly/",
                "WONDER_BACKUP_S3_ENDPOINT": endpoint, "WONDER_BACKUP_S3_REGION": "eu-central-1",
                "WONDER_BACKUP_S3_KEY": opened["AccessKeyId"], "WONDER_BACKUP_S3_SECRET": opened["SecretAccessKey"]})
        try:
            end, found = time.monotonic() + 60, []
            while not found and time.monotonic() < end:
                time.sleep(0.2)
                found = [entry for entry in s3.list_objects_v2(Bucket="results").get("Contents", [])
                         if entry["Key"].startswith("nightly/")]
            check("a backup by the schedule goes to a bucket", len(found) == 1 and re.fullmatch(r"nightly/wonder-\d{8}T\d{6}Z-[0-9a-f]{8}\.tar", found[0]["Key"]), found)
            saved = os.path.join(folder, "saved.tar")
            s3.download_file("results", found[0]["Key"], saved)
            verified = subprocess.run([wonder, "admin", "verify", saved], capture_output=True, text=True)
            check("and is sound", verified.returncode == 0, verified.stderr)
        finally:
            keeper.send_signal(signal.SIGTERM)
            keeper.wait(60)
        log.seek(0)
        text = log.read()
        check("no secret is in the log", opened["SecretAccessKey"] not in text and "pass word" not in text)
        dump = subprocess.run(["strings", "-a", os.path.join(data, "wonder.db")], capture_output=True, text=True).stdout
        check("none is left in the database", opened["SecretAccessKey"] not in dump and "pass word" not in dump)
        if failed:
            print(text[-3000:])
    finally:
        if server:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
        store.kill()
        store.wait()
        ftp.close_all()
print("FAILED" if failed else "clouds: all right")
sys.exit(1 if failed else 0)
