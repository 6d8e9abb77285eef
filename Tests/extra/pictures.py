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
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin

import archives
import documents
import oldformats
import samples

Image.MAX_IMAGE_PIXELS = None


def seen(path):
    """The picture as it should look, with its transparency when it has any."""
    if path.endswith(".pam"):
        return oldformats.read_pam(path)
    with Image.open(path) as opened:
        picture = ImageOps.exif_transpose(opened)
        scale_key(path, picture)
        if picture.mode.startswith("I;16") or picture.mode == "I":
            # Pillow clips 16-bit grey when it converts; the high byte is what is compared.
            high = (numpy.asarray(picture).astype(numpy.uint32) >> 8).astype(numpy.uint8)
            return standard(Image.fromarray(high), opened.info)
        has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
        return standard(picture.convert("RGBA" if has_alpha else "RGB"), opened.info)


def standard(picture, info):
    """Pillow passes gAMA and cHRM by: the picture as a screen of sRGB shows the colours that they tell."""
    gamma, places = info.get("gamma"), info.get("chromaticity")
    if "srgb" in info or "icc_profile" in info or (gamma is None and places is None):
        return picture
    usual = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
    is_usual = places is None or max(abs(a - b) for a, b in zip(places, usual)) < 0.002
    if is_usual and (gamma is None or 0.43 <= gamma <= 0.48):
        return picture
    samples = numpy.asarray(picture).astype(float) / 255
    colours = samples if samples.ndim == 2 else samples[..., :3]
    if gamma is None:
        light = numpy.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    else:
        light = colours ** (1 / gamma)
    if not is_usual and light.ndim == 3:
        light = light @ (numpy.linalg.inv(to_xyz(usual)) @ adapted(places, usual) @ to_xyz(places)).T
    light = light.clip(0, 1)
    shown = numpy.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    shown = (shown * 255 + 0.5).astype(numpy.uint8)
    if samples.ndim == 3 and samples.shape[2] == 4:
        shown = numpy.dstack([shown, numpy.asarray(picture)[..., 3]])
    return Image.fromarray(shown)


def to_xyz(places):
    columns = numpy.array([[x / y, 1, (1 - x - y) / y] for x, y in zip(places[2::2], places[3::2])]).T
    return columns * numpy.linalg.solve(columns, white_of(places))


def white_of(places):
    return numpy.array([places[0] / places[1], 1, (1 - places[0] - places[1]) / places[1]])


def adapted(places, usual):
    """Bradford's method."""
    cones = numpy.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    scale = numpy.diag((cones @ white_of(usual)) / (cones @ white_of(places)))
    return numpy.linalg.inv(cones) @ scale @ cones


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
        self.since = time.monotonic()

    def report(self, name, is_right, detail):
        self.done += 1
        self.failed += not is_right
        print(f"{'ok  ' if is_right else 'FAIL'} {name}: {detail}", flush=True)

    def took(self, part):
        now = time.monotonic()
        print(f"     {part}: {now - self.since:.1f} s")
        self.since = now

    def convert(self, source, ending, *options):
        """The path of the output, or the program's own words."""
        target = os.path.join(self.folder, "out." + ending)
        if os.path.exists(target):
            os.unlink(target)
        done = subprocess.run(
            [self.wonder, "convert", *options, source, target], capture_output=True, text=True, timeout=120)
        return (target, None) if done.returncode == 0 else (None, done.stderr.strip() or f"exit code {done.returncode}")

    def lossless(self, source, ending, has_alpha=True):
        """`has_alpha` tells whether the target can keep transparency."""
        name = f"{os.path.basename(source)} -> {ending}"
        target, problem = self.convert(source, ending)
        if problem:
            return self.report(name, False, problem)
        expected = seen(source)
        if not has_alpha:
            expected = flattened(expected)
        result = seen(target)
        if expected.mode == "RGB":
            result = result.convert("RGB")
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


    def operation(self, source, options, expected, most_rms=0.02):
        """Options as a dictionary, Pillow's result, and the most that the two may differ, in percent of full scale."""
        name = f"{os.path.basename(source)} {' '.join(f'{key}={value}' for key, value in options.items())}"
        words = [word for key, value in options.items() for word in ("--set", f"{key}={value}")]
        target, problem = self.convert(source, "png", *words)
        if problem:
            return self.report(name, False, problem)
        result = seen(target)
        if result.mode != expected.mode:
            result = result.convert(expected.mode)
        if result.size != expected.size:
            return self.report(name, False, f"{result.size} instead of {expected.size}")
        if expected.mode == "RGBA":
            expected, result = flattened(expected), flattened(result)
        delta = numpy.asarray(expected).astype(numpy.float64) - numpy.asarray(result).astype(numpy.float64)
        rms = float(numpy.sqrt((delta * delta).mean())) / 2.55
        self.report(name, rms <= most_rms, f"RMS {rms:.3f} %")


def visible(picture):
    pixels = numpy.asarray(picture).copy()
    pixels[pixels[:, :, 3] == 0] = 0
    return Image.fromarray(pixels)


def operations(checks, originals):
    """Resizing to within 1 % of Pillow's, and everything that only moves pixels exactly."""
    def at(name):
        return os.path.join(originals, name)

    for name in ("photo2.png", "photo2.jpg", "photo24.jpg", "shot.png", "alpha.png", "grey.jpg", "exif-6.jpg"):
        picture = seen(at(name))
        for width in (37, 400) if name == "photo24.jpg" else (37, 150, 400, 777, 1203, 1900):
            height = max(1, int(picture.height * (width / picture.width) + 0.5))
            expected = picture.resize((width, height), Image.LANCZOS)
            # Hard edges of drawings ring: there is no photograph to be near to.
            checks.operation(at(name), {"width": width}, expected, 1.6 if name == "shot.png" else 1)
        expected = picture.resize((211, 300), Image.BOX)
        checks.operation(at(name), {"width": 211, "height": 300, "fit": "fill", "filter": "box"}, expected, 1)

    for name in ("photo2.png", "exif-1.png", "exif-6.png", "exif-7.png", "exif-8.png", "grey.png", "grey-alpha.png"):
        picture = seen(at(name))
        turns = {90: Image.ROTATE_270, 180: Image.ROTATE_180, 270: Image.ROTATE_90}
        for degrees, turn in turns.items():
            checks.operation(at(name), {"rotate": degrees}, picture.transpose(turn))
        checks.operation(at(name), {"flip": "horizontal"}, ImageOps.mirror(picture))
        checks.operation(at(name), {"flip": "vertical"}, ImageOps.flip(picture))
        checks.operation(at(name), {"rotate": 90, "flip": "horizontal"}, picture.transpose(Image.TRANSPOSE))
        area = {"crop_x": 31, "crop_y": 17, "crop_width": 90, "crop_height": 60}
        cut = picture.crop((31, 17, 121, 77))
        checks.operation(at(name), area, cut)
        checks.operation(at(name), {**area, "rotate": 270}, cut.transpose(Image.ROTATE_90))
        checks.operation(at(name), {**area, "width": 45}, cut.resize((45, 30), Image.LANCZOS), 1.5)
        box = {"width": 200, "height": 200}
        fitted = ImageOps.fit(picture, (200, 200), Image.LANCZOS)
        checks.operation(at(name), {**box, "fit": "cover"}, fitted, 1)
        padded = ImageOps.pad(picture, (200, 200), Image.LANCZOS, color=(1, 2, 3, 255)[:len(picture.getbands())])
        checks.operation(at(name), {**box, "fit": "contain", "background": "#010203"}, padded, 1)
        checks.operation(at(name), {**box, "fit": "fill"}, picture.resize((200, 200), Image.LANCZOS), 1)
        inside = picture.copy()
        inside.thumbnail((120, 120), Image.LANCZOS, reducing_gap=None)
        checks.operation(at(name), {"thumbnail": 120}, inside, 1)
        checks.operation(at(name), {"width": 5000, "never_enlarge": "true"}, picture)
        grey = picture.convert("LA" if picture.mode == "RGBA" else "L")
        checks.operation(at(name), {"grayscale": "true"}, grey.convert(picture.mode))


def watermarks(checks, originals):
    """Marks of every kind on pictures of every kind, as Pillow's alpha_composite lays them."""
    def mark(name, picture):
        path = os.path.join(checks.folder, f"mark-{name}.png")
        picture.save(path)
        return path, picture.convert("RGBA")

    ramp = Image.linear_gradient("L").resize((60, 40))
    marks = [
        mark("colour", Image.merge("RGB", (ramp, ramp.transpose(Image.FLIP_LEFT_RIGHT), ramp.rotate(180)))),
        mark("alpha", Image.merge("RGBA", (ramp, ramp.rotate(180), ramp, ramp.transpose(Image.FLIP_LEFT_RIGHT)))),
        mark("grey", ramp), mark("grey-alpha", Image.merge("LA", (ramp, ramp.rotate(180)))),
    ]
    columns, rows = {"left": 0, "center": 1, "right": 2}, {"top": 0, "center": 1, "bottom": 2}
    places = {(row if row == column else f"{row}-{column}"): (columns[column], rows[row]) for row in rows for column in columns}
    turn = 0
    for name in ("photo2.png", "alpha.png", "grey.png", "grey-alpha.png", "palette-4.png", "exif-6.jpg", "grey.jpg"):
        source = os.path.join(originals, name)
        picture = seen(source)
        for path, over in marks:
            # Three of the nine places each; over all pictures and marks every one has its turn.
            turn += 1
            some = list(places.items())[turn % 3::3]
            for opacity, margin, (place, (across, down)) in zip((100, 37, 1), (0, 5, 32), some):
                room = (picture.width - over.width, picture.height - over.height)
                if min(room) < margin:
                    continue
                corner = [(margin, length // 2, length - margin)[at] for at, length in zip((across, down), room)]
                laid = over.copy()
                laid.putalpha(over.getchannel("A").point(lambda alpha: (alpha * opacity + 50) // 100))
                expected = picture.convert("RGBA")
                expected.alpha_composite(laid, tuple(corner))
                target, problem = checks.convert(
                    source, "png", "--watermark", path, "--set", f"watermark_position={place}", "--set",
                    f"watermark_opacity={opacity}", "--set", f"watermark_margin={margin}")
                label = f"{name} under {os.path.basename(path)} at {place}, {opacity} %, {margin}"
                if problem:
                    checks.report(label, False, problem)
                    continue
                result = seen(target).convert("RGBA")
                if "A" in picture.getbands():
                    expected, result = visible(expected), visible(result)
                mean, most = difference(expected, result)
                # JPEG decoders and roundings may differ by one; a place that is off by a pixel would be seen.
                checks.report(label, most <= (4 if name.endswith("jpg") else 1) and mean < 0.5, f"mean {mean:.4f}, largest {most}")
        large, over = marks[0]
        target, problem = checks.convert(
            source, "png", "--watermark", large, "--set", "watermark_scale=50", "--set", "watermark_margin=0")
        width = int(picture.width * 0.5 + 0.5)
        laid = over.resize((width, int(over.height * (picture.width * 0.5 / over.width) + 0.5)), Image.LANCZOS)
        if problem or laid.height > picture.height:
            checks.report(f"{name} under half its width", not problem, problem or "skipped: too high")
            continue
        expected = picture.convert("RGBA")
        expected.alpha_composite(laid, (picture.width - laid.width, picture.height - laid.height))
        mean, _ = difference(flattened(expected), flattened(seen(target).convert("RGBA")))
        checks.report(f"{name} under half its width", mean < 1, f"mean {mean:.4f}")


def coding(checks, originals):
    """How a JPEG is coded: its size, its scans, its sampling, and what it carries besides the picture."""
    def convert(name, *options):
        target, problem = checks.convert(os.path.join(originals, name), "jpg", *options)
        return target if problem is None else checks.report(name + " " + " ".join(options), False, problem)

    for quality in (30, 60, 90):
        reference = convert("photo2.png", "--quality", str(quality))
        most = os.path.getsize(reference) if reference else 0
        target = convert("photo2.png", "--set", f"target_size={most}") if most else None
        if target:
            # The search must find this quality again, or a better one that is as small.
            size = os.path.getsize(target)
            checks.report(f"photo2.png in {most} bytes", 0.98 * most <= size <= most, f"{size} bytes")
    plain = convert("photo2.png")
    if plain:
        plain = os.rename(plain, os.path.join(checks.folder, "plain.jpg")) or os.path.join(checks.folder, "plain.jpg")
    target = convert("photo2.png", "--set", "progressive=true")
    if target and plain:
        with Image.open(target) as picture, Image.open(plain) as other:
            is_right = "progressive" in picture.info and "progressive" not in other.info
            mean, most = difference(picture.convert("RGB"), other.convert("RGB"))
        checks.report("photo2.png progressive", is_right and most == 0, f"{is_right}, largest {most} from the plain one")
    for name, sampling in (("420", 2), ("422", 1), ("444", 0)):
        target = convert("photo2.png", "--set", f"subsampling={name}")
        if target:
            with Image.open(target) as picture:
                found = JpegImagePlugin.get_sampling(picture)
            checks.report(f"photo2.png subsampling {name}", found == sampling, f"sampling {found}")
    source = os.path.join(checks.folder, "carrying.jpg")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a maker", 6
    with Image.open(os.path.join(originals, "photo2.jpg")) as picture:
        picture.save(source, quality=90, exif=exif, icc_profile=profile, dpi=(200, 200))
    for strip, has_exif in (("true", False), ("false", True)):
        target, problem = checks.convert(source, "jpg", "--set", f"strip={strip}")
        if problem:
            checks.report(f"strip={strip}", False, problem)
            continue
        with Image.open(target) as picture:
            found = dict(picture.getexif())
            # Turned upright either way, so the orientation that stays says so.
            is_right = (found.get(0x010F) == "a maker") == has_exif and found.get(0x0112, 1) == 1
            is_right = is_right and picture.info.get("icc_profile") == profile
        checks.report(f"strip={strip}", is_right, f"EXIF {found}, profile kept")


def old_formats(checks, originals, folder):
    """Every other format read, and written and read again by Pillow."""
    for source in oldformats.write_all(folder):
        checks.lossless(source, "png")
        checks.jpeg(source)
    targets = {"bmp": True, "ppm": False, "pam": True, "qoi": True, "tga": True}
    Image.init()
    if "QOI" not in Image.OPEN:
        del targets["qoi"]
        print("skip QOI: this Pillow does not read it")
    for name in ("exif-6.png", "exif-5.jpg", "grey-4.png", "palette-4.png", "palette-2-trns.png", "16-alpha.png", "rgb-trns.png"):
        for ending, has_alpha in targets.items():
            checks.lossless(os.path.join(originals, name), ending, has_alpha)
    for ending, has_alpha in targets.items():
        # From each format into itself and back to PNG.
        target, problem = checks.convert(os.path.join(originals, "interlaced-alpha.png"), ending)
        again = os.path.join(folder, "again." + ending)
        if problem:
            checks.report(f"interlaced-alpha.png -> {ending}", False, problem)
            continue
        os.rename(target, again)
        checks.lossless(again, "png")
        checks.lossless(again, ending, has_alpha)
    small = os.path.join(folder, "small.png")
    seen(os.path.join(originals, "16-alpha.png")).resize((200, 150), Image.LANCZOS).save(small)
    checks.lossless(small, "ico")
    seen(os.path.join(originals, "16-alpha.png")).resize((99, 120), Image.LANCZOS).save(small)
    checks.lossless(small, "ico")
    checks.lossless(small, "cur")


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
        originals, old = (os.path.join(folder, name) for name in ("originals", "old"))
        os.mkdir(originals)
        os.mkdir(old)
        checks = Checks(sys.argv[1], folder)
        for source in samples.write_all(originals):
            checks.lossless(source, "png")
            checks.jpeg(source)
        for quality in (10, 50, 100):
            checks.jpeg(os.path.join(originals, "photo2.png"), quality)
        checks.took("PNG and JPEG")
        operations(checks, originals)
        checks.took("operations")
        coding(checks, originals)
        checks.took("coding")
        documents.check(checks, originals, seen, flattened, difference)
        checks.took("documents")
        watermarks(checks, originals)
        checks.took("watermarks")
        archives.check(checks, originals)
        checks.took("archives")
        old_formats(checks, originals, old)
        checks.took("other formats")
        for source in corpora_pictures():
            checks.lossless(source, "png")
        checks.took("corpora")
        print(f"{checks.done} checks of pictures, {checks.failed} failed, {time.monotonic() - started:.0f} s")
        sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
