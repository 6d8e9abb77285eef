"""Writes BMP, PNM, PAM, TGA, QOI, ICO and CUR in the kinds that Pillow reads but does not write."""

import os
import struct

import numpy
from PIL import Image

import samples


def bmp(path, width, height, bits, rows, palette=b"", compression=0, masks=b"", top_down=False, header=40):
    """`rows` are in the order of the file, unpadded; or one bytes object that is already coded."""
    body = rows if isinstance(rows, bytes) else b"".join(row + bytes(-len(row) % 4) for row in rows)
    info = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits, compression,
                       len(body), 2835, 2835, len(palette) // 4, 0)
    info += masks + bytes(max(0, header - len(info) - len(masks)))
    offset = 14 + len(info) + len(palette)
    with open(path, "wb") as file:
        file.write(b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + info + palette + body)


def run_length(rows, bits):
    """A mixture of runs and single pixels, with ends of lines."""
    body = b""
    for row in rows:
        at = 0
        while at < len(row):
            count = 1
            while at + count < len(row) and row[at + count] == row[at] and count < 255:
                count += 1
            if count >= 3 or at + 4 > len(row):
                body += bytes((count, row[at] * 17 if bits == 4 else row[at]))
                at += count
                continue
            single = row[at:at + 4 + at % 3]
            coded = bytes(single)
            if bits == 4:
                coded = bytes(first << 4 | second for first, second in zip(single[::2], list(single[1::2]) + [0]))
            if len(single) < 3:
                body += b"".join(bytes((1, value * 17 if bits == 4 else value)) for value in single)
            else:
                body += bytes((0, len(single))) + coded + bytes(len(coded) % 2)
            at += len(single)
        body += b"\0\0"
    return body + b"\0\1"


def write_bmps(at, picture):
    pixels = numpy.asarray(picture).astype(numpy.uint32)
    height, width = pixels.shape[:2]
    red, green, blue = (pixels[::-1, :, channel] for channel in range(3))
    short = (red >> 3 << 10 | green >> 3 << 5 | blue >> 3).astype("<u2")
    bmp(at("555.bmp"), width, height, 16, [row.tobytes() for row in short])
    short = (red >> 3 << 11 | green >> 2 << 5 | blue >> 3).astype("<u2")
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    bmp(at("565.bmp"), width, height, 16, [row.tobytes() for row in short], compression=3, masks=masks)
    rows = [row[:, ::-1].astype(numpy.uint8).tobytes() for row in pixels]
    bmp(at("top-down.bmp"), width, height, 24, rows, top_down=True)
    bmp(at("v5.bmp"), width, height, 24, rows[::-1], header=124)
    masked = numpy.asarray(samples.transparent(picture))[::-1]
    masks = struct.pack("<IIII", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    bmp(at("alpha.bmp"), width, height, 32, [row.tobytes() for row in masked], compression=3, masks=masks, header=108)
    bmp(at("32.bmp"), width, height, 32, [row[:, [2, 1, 0, 3]].tobytes() for row in masked])
    for bits in (4, 8):
        few = picture.quantize(1 << bits)
        colours = few.getpalette()[:3 << bits]
        colours += [0] * ((3 << bits) - len(colours))
        palette = b"".join(bytes((colours[i + 2], colours[i + 1], colours[i], 0)) for i in range(0, 3 << bits, 3))
        coded = run_length([list(row) for row in numpy.asarray(few)[::-1].tolist()], bits)
        bmp(at(f"rle{bits}.bmp"), width, height, bits, coded, palette, compression=1 if bits == 8 else 2)


def write_pnms(at, picture):
    pixels = numpy.asarray(picture)
    height, width = pixels.shape[:2]
    grey = numpy.asarray(picture.convert("L"))
    bits = (grey > 127).astype(numpy.uint8)

    def write(name, magic, body, most=None):
        head = f"{magic}\n# a comment\n{width} {height}\n" + (f"{most}\n" if most else "")
        with open(at(name), "wb") as file:
            file.write(head.encode() + body)

    def text(values):
        return "\n".join(" ".join(str(value) for value in row.flatten()) for row in values).encode() + b"\n"

    write("p1.pbm", "P1", text(1 - bits))
    write("p2.pgm", "P2", text(grey), 255)
    write("p2-15.pgm", "P2", text(grey >> 4), 15)
    write("p3.ppm", "P3", text(pixels), 255)
    write("p4.pbm", "P4", numpy.packbits(1 - bits, axis=1).tobytes())
    write("p5.pgm", "P5", grey.tobytes(), 255)
    write("p5-100.pgm", "P5", (grey // 3).tobytes(), 100)
    write("p5-65535.pgm", "P5", (grey.astype(">u2") * 257).astype(">u2").tobytes(), 65535)
    write("p6.ppm", "P6", pixels.tobytes(), 255)
    write("p6-1000.ppm", "P6", (pixels.astype(">u2") * 3).astype(">u2").tobytes(), 1000)


def write_tgas(at, picture):
    masked = samples.transparent(picture)
    for mode, name in (("RGB", "rgb"), ("L", "grey"), ("RGBA", "rgba"), ("P", "palette"), ("LA", "grey-alpha")):
        kind = picture.quantize(90) if mode == "P" else (masked if mode[-1] == "A" else picture).convert(mode)
        kind.save(at(f"{name}.tga"))
        kind.save(at(f"{name}-rle.tga"), compression="tga_rle")
    pixels = numpy.asarray(picture).astype(numpy.uint16)
    height, width = pixels.shape[:2]
    short = (pixels[:, :, 0] >> 3 << 10 | pixels[:, :, 1] >> 3 << 5 | pixels[:, :, 2] >> 3).astype("<u2")
    for flags in (0, 0x10, 0x20, 0x30):
        head = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, width, height, 24, flags)
        with open(at(f"corner-{flags:02x}.tga"), "wb") as file:
            file.write(head + pixels[:, :, ::-1].astype(numpy.uint8).tobytes())
    with open(at("555.tga"), "wb") as file:
        file.write(struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, width, height, 16, 0x20) + short.tobytes())


def write_icons(at, picture):
    masked = samples.transparent(picture).resize((256, 256))
    masked.save(at("png.ico"), sizes=[(16, 16), (64, 64), (256, 256)])
    masked.resize((64, 64)).save(at("bmp.ico"), sizes=[(16, 16), (64, 64)], bitmap_format="bmp")
    picture.resize((48, 48)).quantize(30).save(at("palette.ico"), sizes=[(48, 48)], bitmap_format="bmp")
    picture.resize((45, 45)).convert("1").save(at("bits.ico"), sizes=[(45, 45)], bitmap_format="bmp")
    # One picture only: Pillow sees the transparency of a cursor's first one alone.
    masked.resize((64, 64)).save(at("one.ico"), sizes=[(64, 64)], bitmap_format="bmp")
    with open(at("one.ico"), "rb") as file:
        data = bytearray(file.read())
    data[2] = 2
    with open(at("pointer.cur"), "wb") as file:
        file.write(data)


def write_all(folder):
    """Writes every sample; returns the paths of those that this Pillow can read."""
    def at(name):
        return os.path.join(folder, name)

    picture = samples.photograph(203, 151, 5)
    for mode, name in (("RGB", "24"), ("L", "8-grey"), ("1", "1"), ("P", "8")):
        (picture.quantize(77) if mode == "P" else picture.convert(mode)).save(at(f"{name}.bmp"))
    picture.quantize(11).save(at("4.bmp"), bits=4)
    write_bmps(at, picture)
    write_pnms(at, picture)
    write_tgas(at, picture)
    write_icons(at, picture)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def read_pam(path):
    """What Pillow does not read: the picture of a PAM file."""
    with open(path, "rb") as file:
        head, body = file.read().split(b"ENDHDR\n", 1)
    fields = dict(line.split(b" ", 1) for line in head.split(b"\n")[1:] if b" " in line)
    depth = int(fields[b"DEPTH"])
    pixels = numpy.frombuffer(body, numpy.uint8).reshape(int(fields[b"HEIGHT"]), int(fields[b"WIDTH"]), depth)
    picture = Image.fromarray(pixels[:, :, 0] if depth == 1 else pixels)
    return picture.convert("RGBA" if depth in (2, 4) else "RGB")
