"""The peer of through.py and compare.py: posts of {file, to, width} come back converted, with nothing kept."""

import os

os.environ.setdefault("VIPS_CONCURRENCY", "1")

import pyvips  # noqa: E402
from fastapi import FastAPI, Form, Response, UploadFile  # noqa: E402

pyvips.cache_set_max(0)
app = FastAPI()


@app.post("/convert")
def convert(file: UploadFile, to: str = Form("jpg"), width: int = Form(0)):
    content = file.file.read()
    if width:
        picture = pyvips.Image.thumbnail_buffer(content, width)
    else:
        picture = pyvips.Image.new_from_buffer(content, "", access="sequential")
    if to == "png":
        return Response(picture.pngsave_buffer(), media_type="image/png")
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    return Response(picture.jpegsave_buffer(Q=85), media_type="image/jpeg")


@app.get("/health")
def health():
    return {"ok": True}
