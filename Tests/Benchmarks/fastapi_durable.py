"""The peer of through.py that promises what wonder does: file and row are on disk before the work, output and row before the answer."""

import os
import sqlite3
import threading
import uuid

from fastapi import FastAPI, Form, Response, UploadFile

from fastapi_pyvips import convert as converted

folder = os.environ["DURABLE_FOLDER"]
app = FastAPI()
mine = threading.local()


def database():
    if not hasattr(mine, "database"):
        mine.database = sqlite3.connect(os.path.join(folder, "jobs.db"), timeout=60, isolation_level=None)
        mine.database.execute("PRAGMA journal_mode = WAL")
        mine.database.execute("PRAGMA synchronous = FULL")
        mine.database.execute("CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, state TEXT, input TEXT, output TEXT)")
    return mine.database


def synced(path, flags):
    descriptor = os.open(path, flags)
    os.fsync(descriptor)
    os.close(descriptor)


def keep(name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    synced(folder, os.O_RDONLY | os.O_DIRECTORY)
    return path


@app.post("/convert")
def convert(file: UploadFile, to: str = Form("jpg")):
    job = uuid.uuid4().hex
    source = keep(job + ".in", file.file.read())
    database().execute("INSERT INTO jobs VALUES (?, 'waiting', ?, NULL)", (job, source))
    file.file.seek(0)
    answer = converted(file, to, 0)
    output = keep(job + ".out", answer.body)
    database().execute("UPDATE jobs SET state = 'done', output = ? WHERE id = ?", (output, job))
    os.unlink(source)
    return Response(answer.body, media_type=answer.media_type)


@app.get("/health")
def health():
    database()
    return {"ok": True}
