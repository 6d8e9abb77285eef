#!/usr/bin/env python3
"""Compares what `wonder convert` makes of pictures with what Pillow sees in them.

usage: pictures.py WONDER

A target without loss must have Pillow's own pixels, to within rounding; a JPEG must come out as near as Pillow's own
JPEG of the same quality. TEST_CORPORA names a folder with more pictures.
"""

import os
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image, ImageOps

import samples

Image.MAX_IMAGE_PIXELS = None


def seen(path):
    """The picture as it should look, with its transparency when it has any."""
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened)
        scale_key(path, picture)
        if picture.mode.startswith("I;16") or picture.mode == "I":
            # Pillow clips 16-bit grey when it converts; the high byte is what is compared.
            return Image.fromarray((numpy.asarray(picture).astype(numpy.uint32) >> 8).astype(numpy.uint8))
        has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        return picture.convert("RGBA" if has_alpha else "RGB")


def scale_key(path, picture):
    """Pillow scales grey of few bits to 8, but leaves the transparent level as it stands in the file."""
    if picture.mode == "L" and isinstance(picture.info.get("transparency"), int) and path.endswith(".png"):
        with open(path, "rb") as file:
            bits = file.read(25)[24]
        if bits < 8:
            picture.info["transparency"] *= 255 // ((1 << bits) - 1)


def flattened(picture):
    """Laid over white, as a target without transparency gets it."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    under = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(under, picture).convert("RGB")


def difference(first, second):
    """Mean and largest difference of samples; infinite for different sizes or kinds."""
    if first.size != second.size or first.mode != second.mode:
        return float("inf"), 255
    delta = numpy.abs(numpy.asarray(first).astype(numpy.int16) - numpy.asarray(second).astype(numpy.int16))
    return float(delta.mean()), int(delta.max())


class Checks:
    def __init__(self, wonder, folder):
        self.wonder, self.folder = wonder, folder
        self.done = self.failed = 0

    def report(self, name, is_right, detail):
        self.done += 1
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {name}: {detail}", flush=True)

    def convert(self, source, ending, *options):
        """The path of the output, or the program's own words."""
        target = os.path.join(self.folder, "out." + ending)
        if os.path.exists(target):
            os.unlink(target)
        done = subprocess.run(
            [self.wonder, "convert", *options, source, target], capture_output=True, text=True, timeout=120)
        return (target, None) if done.returncode == 0 else (None, done.stderr.strip() or f"exit code {done.returncode}")

    def lossless(self, source, ending):
        name = f"{os.path.basename(source)} -> {ending}"
        target, problem = self.convert(source, ending)
        if problem:
            return self.report(name, False, problem)
        expected = seen(source)
        result = seen(target)
        if expected.mode == "RGBA" and result.mode != "RGBA":
            result = result.convert("RGBA")
        if expected.mode == "L":
            result = result.convert("L")
        if expected.mode == "RGBA":
            # What is under full transparency is nobody's to see.
            expected, result = (visible(picture) for picture in (expected, result))
        mean, most = difference(expected, result)
        # Lossy sources: two versions of libjpeg may round differently by one.
        allowed = 0.02 if source.endswith(".png") else 0.5
        self.report(name, mean <= allowed, f"mean {mean:.4f}, largest {most}")

    def jpeg(self, source, quality=85):
        name = f"{os.path.basename(source)} -> jpg {quality}"
        target, problem = self.convert(source, "jpg", "--quality", str(quality))
        if problem:
            return self.report(name, False, problem)
        expected = flattened(seen(source))
        own = os.path.join(self.folder, "own.jpg")
        expected.save(own, quality=quality, subsampling=2)
        reference = flattened(seen(own))
        result = flattened(seen(target))
        mean, _ = difference(reference, result)
        loss, _ = difference(expected, result)
        loss_own, _ = difference(expected, reference)
        # The same codec on the same pixels: nearly nothing between them, and no more loss than Pillow's own.
        is_right = mean <= 0.6 and loss <= loss_own * 1.05 + 0.3
        self.report(name, is_right, f"mean {mean:.4f} from Pillow's, loss {loss:.3f} against {loss_own:.3f}")


def visible(picture):
    pixels = numpy.asarray(picture).copy()
    pixels[pixels[:, :, 3] == 0] = 0
    return Image.fromarray(pixels)


def corpora_pictures():
    """Pictures of the named folder that Pillow can open whole."""
    root = os.environ.get("TEST_CORPORA")
    for folder, _, names in os.walk(root) if root else ():
        for name in sorted(names):
            path = os.path.join(folder, name)
            # PngSuite's names of broken files begin with x; Pillow reads some of them all the same.
            if not name.lower().endswith((".png", ".jpg", ".jpeg")) or name.startswith("x"):
                continue
            try:
                with Image.open(path) as picture:
                    picture.load()
                yield path
            except Exception:
                continue


def main():
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wonder-pictures-") as folder:
        originals = os.path.join(folder, "originals")
        os.mkdir(originals)
        checks = Checks(sys.argv[1], folder)
        for source in samples.write_all(originals):
            checks.lossless(source, "png")
            checks.jpeg(source)
        for quality in (10, 50, 100):
            checks.jpeg(os.path.join(originals, "photo2.png"), quality)
        for source in corpora_pictures():
            checks.lossless(source, "png")
        print(f"{checks.done} checks of pictures, {checks.failed} failed, {time.monotonic() - started:.0f} s")
        sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
