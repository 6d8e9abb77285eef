"""PDF pages as Poppler draws them, and the pictures in SVG wrappers, against Pillow's pictures."""

import base64
import io
import os
import shutil
import subprocess

from PIL import Image


def drawn(path, folder, dpi=72, page=1):
    """A page at one pixel a pixel."""
    stem = os.path.join(folder, "page")
    subprocess.run(["pdftoppm", "-r", str(dpi), "-f", str(page), "-png", "-singlefile", path, stem], check=True, timeout=60)
    with Image.open(stem + ".png") as page:
        return page.convert("RGB")


def embedded(path, folder):
    """The first picture within a PDF, as it is stored."""
    stem = os.path.join(folder, "embedded")
    subprocess.run(["pdfimages", "-png", path, stem], check=True, timeout=60)
    with Image.open(stem + "-000.png") as picture:
        return picture.convert("RGB")


def pages(path, folder):
    """Every picture within a PDF, as it is stored, and what qpdf finds wrong with the file."""
    found = None
    if shutil.which("qpdf"):
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, timeout=60)
        found = "" if done.returncode == 0 else done.stdout + done.stderr
    stem = os.path.join(folder, "page")
    subprocess.run(["pdfimages", "-png", path, stem], check=True, timeout=60)
    pictures = []
    for name in sorted(os.listdir(folder)):
        if name.startswith("page-"):
            with Image.open(os.path.join(folder, name)) as picture:
                pictures.append(picture.convert("RGB"))
            os.unlink(os.path.join(folder, name))
    return pictures, found


def merged(checks, originals, seen, flattened, difference):
    """One document of several pictures: a page of each, drawn and stored as the pictures are."""
    names = ["photo2.png", "photo2.jpg", "grey.jpg", "exif-6.jpg", "palette-4.png", "16-rgb.png", "shot.png"]
    sources = [os.path.join(originals, name) for name in names]
    target = os.path.join(checks.folder, "merged.pdf")
    done = subprocess.run(
        [checks.wonder, "convert", *sources, "--set", "merge=true", "--set", "dpi=72", "-o", target],
        capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return checks.report("merged.pdf", False, done.stderr.strip())
    pictures, problem = pages(target, checks.folder)
    checks.report("merged.pdf by qpdf", not problem, "not installed" if problem is None else problem or "nothing wrong")
    checks.report("merged.pdf has every picture", len(pictures) == len(names), f"{len(pictures)} of {len(names)}")
    for number, (name, source, stored) in enumerate(zip(names, sources, pictures), start=1):
        expected = flattened(seen(source).convert("RGB"))
        if name != "exif-6.jpg":
            mean, _ = difference(expected, stored)
            checks.report(f"{name} in merged.pdf", mean <= (0 if name.endswith(".png") else 0.6), f"mean {mean:.4f}")
        mean, _ = difference(expected, drawn(target, checks.folder, page=number))
        checks.report(f"{name} on page {number}", mean <= 15, f"mean {mean:.4f} as drawn")


def wrapped(path):
    with open(path, encoding="ascii") as file:
        text = file.read()
    coded = text.split("base64,")[1].split('"')[0]
    return Image.open(io.BytesIO(base64.b64decode(coded, validate=True)))


def check(checks, originals, seen, flattened, difference):
    names = [f"exif-{value}.jpg" for value in range(1, 9)] + [
        "exif-8.png", "grey.jpg", "palette-4.png", "palette-2-trns.png", "cmyk-inverted.jpg", "16-rgb.png", "shot.png",
        "interlaced-alpha.png"]
    has_poppler = shutil.which("pdftoppm") is not None
    if not has_poppler:
        print("skip PDF: there is no pdftoppm")
    for name in names:
        source = os.path.join(originals, name)
        expected = flattened(seen(source).convert("RGBA" if "alpha" in name or "trns" in name else "RGB"))
        target, problem = checks.convert(source, "svg")
        if problem:
            checks.report(f"{name} -> svg", False, problem)
        else:
            mean, _ = difference(expected, flattened(wrapped(target).convert("RGBA")))
            checks.report(f"{name} -> svg", mean <= 0.6, f"mean {mean:.4f}")
        if not has_poppler:
            continue
        target, problem = checks.convert(source, "pdf", "--set", "dpi=72")
        if problem:
            checks.report(f"{name} -> pdf", False, problem)
            continue
        # What is stored has to be right; what is drawn is smoothed, and for ink Poppler has a conversion of its own. A
        # picture the wrong way round or inverted would be over 40 away.
        mean, _ = difference(expected, drawn(target, checks.folder))
        checks.report(f"{name} -> pdf", mean <= (30 if "cmyk" in name else 15), f"mean {mean:.4f} as drawn")
        if name.endswith(".png") and expected.mode == "RGB" and "trns" not in name and "alpha" not in name:
            mean, most = difference(expected, embedded(target, checks.folder))
            checks.report(f"{name} in pdf", mean == 0, f"mean {mean:.4f}, largest {most}")
    if has_poppler:
        target, problem = checks.convert(
            os.path.join(originals, "exif-1.png"), "pdf", "--set", "page_size=a4", "--set", "margin=10")
        page = drawn(target, checks.folder, 72)
        checks.report("exif-1.png on A4", page.size == (842, 596) or page.size == (842, 595), f"{page.size}")
        merged(checks, originals, seen, flattened, difference)
