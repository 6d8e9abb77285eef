"""ZIP archives as unzip, zip and Python read them.

By itself (archives.py WONDER) it packs more than 4 GiB, which takes two minutes and is left out of `Tests/extra/run`.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile

NASTY = [
    "../../up.txt", "/absolute.txt", "C:drive.txt", "back\\slash.txt", "CON", "nul.txt", ".hidden", "trailing. ", "täglich.txt",
    "日本語.txt", "e\u0301.txt", "\u00e9.txt", "right\u202eleft.txt", "tab\there.txt", "new\nline.txt", "-dash.txt", "a" * 250 + ".txt",
    "same.txt", "SAME.txt", "sub/same.txt", "%2e%2e%2fx", "$HOME", "`id`", "quote\".txt", "star*.txt", " space.txt", "~",
]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(
            file.read()).hexdigest()


def readers(checks, name, archive):
    """What each program that is there says of the archive."""
    with zipfile.ZipFile(archive) as opened:
        checks.report(f"{name} by zipfile", opened.testzip() is None, f"{len(opened.infolist())} entries")
    for words in (["unzip", "-tqq"], ["zip", "-qT"], ["zipinfo", "-t"]):
        if not shutil.which(words[0]):
            print(f"skip {words[0]}: not installed")
            continue
        done = subprocess.run([*words, archive], capture_output=True, text=True, timeout=300)
        checks.report(f"{name} by {' '.join(words)}", done.returncode == 0, (done.stdout + done.stderr).strip()[-80:])


def pack(checks, name, sources):
    target = os.path.join(checks.folder, "packed.zip")
    done = subprocess.run([checks.wonder, "convert", "-o", target, "--", *sources], capture_output=True, text=True, timeout=300)
    checks.report(name, done.returncode == 0, (done.stdout + done.stderr).strip()[-120:])
    return target if done.returncode == 0 else None


def nasty_names(checks):
    """Whatever the files are called, every reader unpacks all of them, and inside the folder."""
    home = os.path.join(checks.folder, "nasty")
    sources, contents = [], []
    for number, name in enumerate(NASTY):
        folder = os.path.join(home, str(number))
        path = os.path.join(folder, name.replace("../", "").lstrip("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{number}\n" * random.Random(number).randrange(1, 5000))
        sources.append(path)
        contents.append(digest(path))
    archive = pack(checks, "nasty names", sources)
    if not archive:
        return
    readers(checks, "nasty names", archive)
    for number, words in enumerate((["python3", "-m", "zipfile", "-e", archive], ["unzip", "-qq", archive, "-d"])):
        if not shutil.which(words[0]):
            continue
        outer = os.path.join(checks.folder, f"unpacked-{number}")
        inner = os.path.join(outer, "a", "b")
        os.makedirs(inner)
        subprocess.run([*words, inner], check=False, capture_output=True, timeout=60)
        within = [os.path.join(at, name) for at, _, names in os.walk(inner) for name in names]
        everywhere = [name for _, _, names in os.walk(outer) for name in names]
        checks.report(
            f"nasty names unpacked by {words[0]}",
            sorted(map(digest, within)) == sorted(contents) and len(everywhere) == len(within), f"{len(within)} files")


def large(checks):
    """More than 4 GiB in one file, which takes zip64."""
    source = os.path.join(checks.folder, "large.bin")
    with open(source, "wb") as file:
        file.truncate((4 << 30) + 12345)
        file.seek(4 << 30)
        file.write(b"the end")
    target = os.path.join(checks.folder, "packed.zip")
    done = subprocess.run([checks.wonder, "convert", source, "-o", target], capture_output=True, text=True, timeout=300)
    os.unlink(source)
    if "processor time" in done.stderr:
        # A build without optimisation, or a slow machine: the limit is right, and the archive is nobody's.
        return print("skip 4 GiB: it takes more processor time here than a conversion may use")
    checks.report("4 GiB", done.returncode == 0, (done.stdout + done.stderr).strip()[-120:])
    if done.returncode == 0:
        archive = target
        with zipfile.ZipFile(archive) as opened:
            entry = opened.infolist()[0]
            checks.report("4 GiB has its size", entry.file_size == (4 << 30) + 12345, f"{entry.file_size}")
        readers(checks, "4 GiB", archive)


def check(checks, originals):
    names = sorted(os.listdir(originals))
    archive = pack(checks, "every original", [os.path.join(originals, name) for name in names][:200])
    if archive:
        readers(checks, "every original", archive)
    nasty_names(checks)


if __name__ == "__main__":
    import pictures

    with tempfile.TemporaryDirectory(prefix="wonder-archives-") as place:
        all_checks = pictures.Checks(os.path.abspath(sys.argv[1]), place)
        large(all_checks)
        sys.exit(1 if all_checks.failed else 0)
