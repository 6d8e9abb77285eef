#!/usr/bin/env python3
"""Processor time of conversions against plain loops over the same libraries, interleaved in one run.

usage: codecs.py WONDER [ROUNDS]

wonder's figure is the whole program with its worker and child, less what the same program needs for a picture of one
pixel. Where pyvips is installed its thumbnail is measured too.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "extra"))
import samples  # noqa: E402


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000


def spent(*words):
    before = children()
    subprocess.run(words, check=True, capture_output=True)
    return children() - before


def vips(path):
    """Within one Python process, as a service would call it."""
    import pyvips
    usage = resource.getrusage(resource.RUSAGE_SELF)
    before = usage.ru_utime + usage.ru_stime
    pyvips.Image.thumbnail(path, 400).jpegsave_buffer(Q=85)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime - before) * 1000


def main():
    wonder, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    try:
        import pyvips
        pyvips.cache_set_max(0)
    except Exception:
        pyvips = None
    with tempfile.TemporaryDirectory() as folder:
        def at(name):
            return os.path.join(folder, name)

        codec = at("codec")
        subprocess.run(["cc", "-O2", os.path.join(here, "codec.c"), "-lpng", "-ljpeg", "-o", codec], check=True)
        big = samples.photograph(4000, 3000)
        for name, picture in (("photo12", big), ("photo2", samples.photograph(1920, 1280, 4)),
                              ("shot", samples.screenshot(1920, 1080)), ("small200", big.crop((700, 300, 900, 500)))):
            picture.save(at(name + ".png"))
            picture.save(at(name + ".jpg"), quality=90)
        big.crop((0, 0, 1, 1)).save(at("one.png"))
        base = statistics.median(spent(wonder, "convert", at("one.png"), at("o.jpg")) for _ in range(9))
        print(f"{'':24} {'wonder ms':>10} {'loop ms':>10} {'ratio':>7}  sizes   (median of {rounds}; "
              f"start {base:.1f} ms taken off; load {os.getloadavg()[0]:.1f})")
        kinds = [("png-jpeg", "png", "jpg", ()), ("jpeg-png", "jpg", "png", ()),
                 ("jpeg-thumbnail", "jpg", "jpg", ("--set", "thumbnail=400"))]
        for kind, ending, target, words in kinds:
            for name in ("photo12", "photo2", "shot", "small200"):
                ours, loops, peers = [], [], []
                source = at(f"{name}.{ending}")
                for _ in range(rounds):
                    loops.append(float(subprocess.check_output([codec, kind, source, at("c." + target)])))
                    ours.append(spent(wonder, "convert", *words, source, at("w." + target)) - base)
                    if pyvips and kind == "jpeg-thumbnail":
                        peers.append(vips(source))
                mine, loop = statistics.median(ours), statistics.median(loops)
                sizes = os.path.getsize(at("w." + target)) / os.path.getsize(at("c." + target))
                peer = f"  pyvips {statistics.median(peers):.1f} ms, {mine / statistics.median(peers):.2f}" if peers else ""
                print(f"{kind + ' ' + name:24} {mine:10.1f} {loop:10.1f} {mine / loop:7.2f}  {sizes:.3f}"
                      f"   [{min(ours):.1f}-{max(ours):.1f}]{peer}", flush=True)


if __name__ == "__main__":
    main()
