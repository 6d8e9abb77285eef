#!/usr/bin/env python3
"""Processor time of conversions against plain C loops over libpng and libjpeg and against pyvips, in one run.

usage: codecs.py WONDER [ROUNDS] [FOLDER] [CASE ...]

FOLDER holds photo12, photo2, shot, alpha2 and small200 as .png and, the first three and the last, as .jpg; without it
pictures are made. wonder's figure is the whole program with its worker and children, less what the same program needs
for as many pictures of one pixel. pyvips works within this process, as in a service, where it is installed.
"""

import os
import resource
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import zlib

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "extra"))
os.environ.setdefault("VIPS_CONCURRENCY", "1")
try:
    import pyvips
    pyvips.cache_set_max(0)
except Exception:
    pyvips = None

# How often a picture is converted by one call of the program, so that the start of processes weighs little.
COPIES = {"photo12": 1, "photo2": 4, "shot": 4, "alpha2": 4, "small200": 60}

# Name, pictures, endings, words for wonder, the C loop, pyvips.
CASES = [
    ("png-jpeg", ("photo12", "photo2", "shot", "alpha2", "small200"), "png", "jpg", (), "png-jpeg",
     lambda path: opened(path).jpegsave_buffer(Q=85)),
    ("jpeg-png", ("photo12", "photo2", "small200"), "jpg", "png", (), "jpeg-png",
     lambda path: opened(path).pngsave_buffer()),
    ("jpeg-400", ("photo12", "photo2"), "jpg", "jpg", ("--set", "thumbnail=400"), "jpeg-thumbnail",
     lambda path: pyvips.Image.thumbnail(path, 400, height=400).jpegsave_buffer(Q=85)),
    ("jpeg-1600", ("photo12",), "jpg", "jpg", ("--set", "width=1600"), None,
     lambda path: pyvips.Image.thumbnail(path, 1600).jpegsave_buffer(Q=85)),
    ("png-1600", ("photo12",), "png", "jpg", ("--set", "width=1600"), None,
     lambda path: pyvips.Image.thumbnail(path, 1600).jpegsave_buffer(Q=85)),
]


def opened(path):
    return pyvips.Image.new_from_file(path, access="sequential")


def used(who):
    usage = resource.getrusage(who)
    return (usage.ru_utime + usage.ru_stime) * 1000


def spent(who, body):
    before = used(who)
    result = body()
    return used(who) - before, result


def own_pictures(folder):
    import samples
    big = samples.photograph(4000, 3000)
    pictures = (("photo12", big), ("photo2", samples.photograph(1920, 1280, 4)), ("shot", samples.screenshot(1920, 1080)),
                ("small200", big.crop((700, 300, 900, 500))), ("alpha2", samples.photograph(1600, 1200, 2).convert("RGBA")))
    for name, picture in pictures:
        picture.save(os.path.join(folder, name + ".png"))
        picture.convert("RGB").save(os.path.join(folder, name + ".jpg"), quality=90)


def one_pixel():
    """A PNG of one grey pixel."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def geometric_mean(values):
    return statistics.geometric_mean(values) if values else float("nan")


def main():
    wonder, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    wanted = sys.argv[4:]
    with tempfile.TemporaryDirectory() as folder:
        def at(name):
            return os.path.join(folder, name)

        codec = at("codec")
        subprocess.run(["cc", "-O2", os.path.join(here, "codec.c"), "-lpng", "-ljpeg", "-o", codec], check=True)
        pictures = sys.argv[3] if len(sys.argv) > 3 else at("pictures")
        if len(sys.argv) <= 3:
            os.mkdir(pictures)
            own_pictures(pictures)
        with open(at("one.png"), "wb") as file:
            file.write(one_pixel())

        def convert(sources, target, words):
            out = at("out")
            shutil.rmtree(out, ignore_errors=True)
            os.mkdir(out)
            time, _ = spent(resource.RUSAGE_CHILDREN, lambda: subprocess.run(
                [wonder, "convert", "--to", target, "--output-dir", out, *words, *sources], check=True, capture_output=True))
            return time, os.path.getsize(os.path.join(out, os.listdir(out)[0]))

        def copies(source, count):
            names = []
            for number in range(count):
                name = at(f"copy{number}{os.path.splitext(source)[1]}")
                if os.path.lexists(name):
                    os.unlink(name)
                os.symlink(source, name)
                names.append(name)
            return names

        ones = {count: statistics.median(convert(copies(at("one.png"), count), "jpg", ())[0] for _ in range(7))
                for count in set(COPIES.values())}
        print(f"median of {rounds} rounds in turn, [least-most]; load {os.getloadavg()[0]:.1f}; milliseconds of processor")
        print(f"{'':20} {'wonder':>18} {'C loop':>18} {'pyvips':>18}   /loop  /vips  size/loop size/vips")
        for case, names, ending, target, words, loop, vips in CASES:
            if wanted and case not in wanted:
                continue
            to_loop, to_vips, sizes = [], [], []
            for name in names:
                source = os.path.abspath(os.path.join(pictures, f"{name}.{ending}"))
                count = COPIES[name]
                sources = copies(source, count)
                ours, loops, peers = [], [], []
                size = loop_size = vips_size = 0
                for _ in range(rounds):
                    if loop:
                        loops.append(float(subprocess.check_output([codec, loop, source, at("c." + target), str(count)])) / count)
                        loop_size = os.path.getsize(at("c." + target))
                    time, size = convert(sources, target, words)
                    ours.append((time - ones[count]) / count)
                    if pyvips and vips:
                        time, data = spent(resource.RUSAGE_SELF, lambda: [vips(source) for _ in range(count)])
                        peers.append(time / count)
                        vips_size = len(data[0])

                def shown(values):
                    return f"{statistics.median(values):7.2f} [{min(values):.2f}-{max(values):.2f}]" if values else "-"

                mine = statistics.median(ours)
                line = f"{case + ' ' + name:20} {shown(ours):>18} {shown(loops):>18} {shown(peers):>18}"
                if loops:
                    to_loop.append(mine / statistics.median(loops))
                    sizes.append(size / loop_size)
                if peers:
                    to_vips.append(mine / statistics.median(peers))
                line += f"   {to_loop[-1]:.3f}" if loops else "       -"
                line += f"  {to_vips[-1]:.3f}" if peers else "      -"
                line += f"  {size / loop_size:.3f}" if loops else "      -"
                line += f"  {size / vips_size:.3f}" if peers else "      -"
                print(line, flush=True)
            if len(names) > 1:
                print(f"{case + ' geometric mean':77} {geometric_mean(to_loop):.3f}  {geometric_mean(to_vips):.3f}")


if __name__ == "__main__":
    main()
