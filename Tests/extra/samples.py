"""Makes the pictures that the checks convert: photograph-like, screenshot-like, and every kind of PNG and JPEG."""

import os
import struct
import zlib

import numpy
from PIL import Image, ImageDraw, ImageFilter


def photograph(width, height, seed=1):
    """Soft large shapes, edges and sensor noise."""
    rng = numpy.random.default_rng(seed)
    small = rng.integers(0, 256, (max(2, height // 160), max(2, width // 160), 3), numpy.uint8)
    soft = Image.fromarray(small).resize((width, height), Image.BICUBIC)
    draw = ImageDraw.Draw(soft)
    for _ in range(24):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        size = int(rng.integers(width // 40 + 2, width // 8 + 4))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((x, y, x + size, y + size * 2 // 3), fill=colour)
    soft = soft.filter(ImageFilter.GaussianBlur(1.2))
    pixels = numpy.asarray(soft).astype(numpy.int16)
    pixels = pixels + rng.normal(0, 3, pixels.shape).astype(numpy.int16)
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))


def screenshot(width, height, seed=2):
    """Flat areas, thin lines and rows of text-like marks."""
    rng = numpy.random.default_rng(seed)
    picture = Image.new("RGB", (width, height), (246, 248, 250))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width, height // 18), fill=(36, 41, 47))
    draw.rectangle((width // 6, height // 12, width - 20, height - 20), fill="white", outline=(208, 215, 222))
    for y in range(height // 10, height - 40, 18):
        x = width // 6 + 12
        while x < width - 80:
            step = int(rng.integers(6, 60))
            draw.text((x, y), "".join(chr(c) for c in rng.integers(97, 123, max(1, step // 7))), fill=(36, 41, 47))
            x += step + 8
    return picture


def transparent(picture):
    """The picture under a soft-edged mask."""
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).ellipse((picture.width // 8, 0, picture.width, picture.height * 7 // 8), fill=255)
    result = picture.convert("RGBA")
    result.putalpha(mask.filter(ImageFilter.GaussianBlur(9)))
    return result


def write_png(path, width, height, bits, color_type, rows, chunks=(), late=()):
    """A PNG by hand, for kinds that Pillow does not write; `rows` are packed, without their filter bytes."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    body = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0)))
        for name, data in chunks:
            file.write(chunk(name, data))
        half = len(body) // 2
        file.write(chunk(b"IDAT", body[:half]) + chunk(b"IDAT", body[half:]))
        for name, data in late:
            file.write(chunk(name, data))
        file.write(chunk(b"IEND", b""))


def write_interlaced(path, picture):
    """Adam7, 8 bits."""
    pixels = numpy.asarray(picture)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = []
    for x, y, step_x, step_y in passes:
        for row in pixels[y::step_y, x::step_x]:
            if row.size:
                rows.append(row.tobytes())
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[pixels.shape[2]]
    write_png(path, picture.width, picture.height, 8, kind, rows)
    with open(path, "r+b") as file:
        head = bytearray(file.read(33))
        head[28] = 1
        head[29:33] = struct.pack(">I", zlib.crc32(bytes(head[12:29])))
        file.seek(0)
        file.write(head)


def exif(orientation, order="<"):
    """A TIFF structure with a maker, the orientation, and a place where the picture was taken."""
    entries = [
        struct.pack(order + "HHI4s", 0x010F, 2, 4, b"Cam\0"),
        struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack(order + "HHII", 0x8825, 4, 1, 50),
    ]
    gps = struct.pack(order + "HHHI4sI", 1, 1, 2, 2, b"N\0\0\0", 0)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order]
    return head + struct.pack(order + "IH", 8, len(entries)) + b"".join(entries) + struct.pack(order + "I", 0) + gps


def without_segment(data, marker):
    """A JPEG without its first segment of one kind."""
    at = data.index(bytes((0xFF, marker)))
    return data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]:]


def packed(values, bits):
    """Rows of small numbers as PNG packs them."""
    per = 8 // bits
    height, width = values.shape
    padded = numpy.zeros((height, (width + per - 1) // per * per), numpy.uint16)
    padded[:, :width] = values
    groups = padded.reshape(height, -1, per)
    result = numpy.zeros(groups.shape[:2], numpy.uint16)
    for index in range(per):
        result |= groups[:, :, index] << (8 - bits * (index + 1))
    return [row.tobytes() for row in result.astype(numpy.uint8)]


def write_all(folder):
    """Writes every sample and returns their paths."""
    def at(name):
        return os.path.join(folder, name)

    photo = photograph(1600, 1200)
    big = photograph(6000, 4000, 3)
    shot = screenshot(1920, 1080)
    big.save(at("photo24.jpg"), quality=90)
    big.crop((0, 0, 4000, 3000)).save(at("photo12.png"), compress_level=1)
    photo.save(at("photo2.png"), compress_level=1)
    photo.save(at("photo2.jpg"), quality=90)
    photo.save(at("444.jpg"), quality=95, subsampling=0)
    photo.save(at("422.jpg"), quality=80, subsampling=1)
    photo.save(at("progressive.jpg"), quality=88, progressive=True)
    photo.convert("L").save(at("grey.jpg"), quality=90)
    photo.convert("CMYK").save(at("cmyk-inverted.jpg"), quality=92)
    with open(at("cmyk-inverted.jpg"), "rb") as file:
        data = file.read()
    with open(at("cmyk-no-marker.jpg"), "wb") as file:
        file.write(without_segment(data, 0xEE))
    shot.save(at("shot.png"), compress_level=1)
    shot.save(at("shot.jpg"), quality=90)
    shot.quantize(200).save(at("palette.png"))
    for bits in (1, 2, 4):
        few = photo.resize((333, 211)).quantize(1 << bits)
        few.save(at(f"palette-{bits}.png"), bits=bits)
        few.save(at(f"palette-{bits}-trns.png"), bits=bits, transparency=bytes(range(0, 256, 256 >> bits))[:1 << bits])
        levels = numpy.asarray(photo.convert("L").resize((203, 119))) >> (8 - bits)
        write_png(at(f"grey-{bits}.png"), 203, 119, bits, 0, packed(levels, bits))
        write_png(at(f"grey-{bits}-trns.png"), 203, 119, bits, 0, packed(levels, bits), [(b"tRNS", b"\0\1")])
    cut = shot.quantize(64)
    cut.save(at("palette-trns.png"), transparency=bytes([0, 128, 255, 40]))
    photo.convert("L").save(at("grey.png"), compress_level=1)
    transparent(photo).convert("LA").save(at("grey-alpha.png"), compress_level=1)
    transparent(photo).save(at("alpha.png"), compress_level=1)
    write_interlaced(at("interlaced.png"), photo)
    write_interlaced(at("interlaced-alpha.png"), transparent(photo.resize((401, 303))))
    write_interlaced(at("interlaced-grey.png"), photo.convert("L").resize((7, 5)))
    keyed = numpy.asarray(photo.resize((300, 200)))
    key = struct.pack(">HHH", *[int(value) for value in keyed[10, 10]])
    write_png(at("rgb-trns.png"), 300, 200, 8, 2, [row.tobytes() for row in keyed], [(b"tRNS", key)])
    wide = numpy.asarray(photo.resize((700, 500))).astype(">u2") * 257 ^ 0x3C
    write_png(at("16-rgb.png"), 700, 500, 16, 2, [row.tobytes() for row in wide.astype(">u2")])
    write_png(at("16-grey.png"), 700, 500, 16, 0, [row.tobytes() for row in wide[:, :, 0].astype(">u2")])
    masked = numpy.asarray(transparent(photo.resize((700, 500)))).astype(">u2") * 257
    write_png(at("16-alpha.png"), 700, 500, 16, 6, [row.tobytes() for row in masked.astype(">u2")])
    small = photo.resize((401, 267))
    for value in range(1, 9):
        order = "<>"[value % 2]
        small.save(at(f"exif-{value}.jpg"), quality=92, exif=b"Exif\0\0" + exif(value, order))
        rows = [row.tobytes() for row in numpy.asarray(small)]
        chunks = [(b"eXIf", exif(value, order))]
        early, late = (chunks, ()) if value % 3 else ((), chunks)
        write_png(at(f"exif-{value}.png"), 401, 267, 8, 2, rows, early, late)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))
