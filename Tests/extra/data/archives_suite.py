"""Archives of Python's own writers read as its readers read them, and archives that lie or are bombs refused with a sentence.

No corpus is needed. Lists are compared with `zipfile` and `tarfile`, files with what went in after they were repacked.
"""
import gzip, io, json, random, struct, tarfile, zipfile, zlib

FLOOR = 186
CASES = 30


def run(convert, corpora):
    judged = []
    chance = random.Random(22)
    for number in range(CASES):
        files = make(chance)
        for source in ("zip", "tar", "tgz"):
            data = pack(files, source, number)
            judged.append((f"{source} {number} listed", listed(convert, data, source)))
            for target in {"zip", "tar", "tgz"} - {source} if number < 10 else ():
                judged.append((f"{source} {number} to {target}", repacked(convert, data, files, source, target)))
    judged += [(f"gz {n}", unpacked(convert, chance.randbytes(n).hex())) for n in (0, 1, 1000, 100_000)]
    judged += [(name, refused(convert, data, kind)) for name, kind, data in hostile()]
    failures = [f"{name}: {problem}" for name, problem in judged if problem]
    return len(judged) - len(failures), len(judged), failures, FLOOR


def make(chance):
    """Files by their names, of all sizes and some names that no ustar header has room for."""
    names = [f"f{i}.bin" for i in range(chance.randrange(6))] + ["d/ü.txt", "d/e/" + "n" * chance.randrange(1, 150)]
    return {name: chance.randbytes(chance.choice([0, 1, 511, 512, 513, 5000])) * chance.choice([1, 7]) for name in names}


def pack(files, kind, number):
    target = io.BytesIO()
    if kind == "zip":
        method = zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, data in files.items():
                info = zipfile.ZipInfo(name, (1990 + number, 2, 3, 4, 5, 6))
                info.compress_type = method
                with archive.open(info, "w", force_zip64=number % 3 == 0) as file:
                    file.write(data)
    else:
        form = [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT][number % 2]
        with tarfile.open(fileobj=target, mode="w:gz" if kind == "tgz" else "w", format=form) as archive:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(data), 1_000_000_000 + number
                archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def contents(data, kind):
    if kind == "zip":
        archive = zipfile.ZipFile(io.BytesIO(data))
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive if entry.isfile()}


def listed(convert, data, kind):
    made = convert(data, kind, "json")
    if made.output is None:
        return made.message
    found = [(e["name"], e["size"]) for e in json.loads(made.text)["entries"]]
    wanted = [(name, len(content)) for name, content in contents(data, kind).items()]
    return None if found == wanted else f"{found} is not {wanted}"


def repacked(convert, data, files, source, target):
    made = convert(data, source, target)
    if made.output is None:
        return made.message
    return None if contents(made.output, target) == files else "other files came out"


def unpacked(convert, text):
    text = text + "\n"
    made = convert(gzip.compress(text.encode()), "gz", "txt")
    if made.output is None:
        return made.message
    if made.text != text:
        return "another text came out"
    packed = convert(text, "txt", "gz")
    return None if packed.output and gzip.decompress(packed.output).decode() == text else "gzip reads another text"


def refused(convert, data, kind):
    made = convert(data, kind, "json" if kind.endswith("-list") else "tar" if kind == "zip" else "zip")
    return None if made.refused else f"made {len(made.output or b'')} bytes of it" if made.output else made.message


def bomb(entries):
    """Fifield's: one kernel of zeros that every entry shares, by a directory that points into it again and again."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * 10_000_000
    body = kernel.compress(zeros) + kernel.flush()
    sum_ = zlib.crc32(zeros)
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, sum_, len(body), len(zeros), 1, 0) + b"a"
    rows = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, sum_, len(body), len(zeros), 1, 0, 0, 0, 0, 0, 0) + b"a"
        for _ in range(entries))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, len(rows), len(head) + len(body), 0)
    return head + body + rows + end


def hostile():
    def zip_of(*names, data=b"x"):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        return target.getvalue()

    def tar_of(**fields):
        target = io.BytesIO()
        with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as archive:
            info = tarfile.TarInfo("a")
            for name, value in fields.items():
                setattr(info, name, value)
            archive.addfile(info, io.BytesIO(b"x" * min(max(0, info.size), 100)) if info.size < 101 else None)
        return target.getvalue()

    for name in ("../a", "/a", "a/../../b", "..\\a", "C:\\a", "a\n", "a\x1b[2J"):
        yield f"zip with the name {name!r}", "zip", zip_of(name)
        yield f"tar with the name {name!r}", "tar", tar_of(name=name)
    yield "two entries of one name", "zip", zip_of("a", "a")
    yield "a file in a file", "zip", zip_of("a", "a/b")
    yield "a bomb of shared bytes", "zip", bomb(1000)
    yield "a bomb of one entry", "zip", zip_of("a", data=b"\0" * (200 << 20))
    yield "a bomb of gzip", "gz", gzip.compress(b"\0" * (200 << 20))
    yield "a bomb of tar in gzip", "tgz", gzip.compress(tar_of() [:512] + b"\0" * (200 << 20) + b"x" * 512)
    whole = zip_of("a", data=b"hello hello hello")
    for place in (14, 18, 22, 26, 30):
        yield f"a header that lies at {place}", "zip", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:]
    encrypted = bytearray(whole)
    encrypted[6] |= 1
    encrypted[whole.index(b"PK\1\2") + 8] |= 1
    yield "an encrypted entry", "zip", bytes(encrypted)
    yield "a zip cut off", "zip", whole[:-1]
    yield "a tar with a size beyond the file", "tar", tar_of(size=1 << 40)
    yield "a tar with a negative size", "tar", fixed(tar_of(), 124, b"\xff" * 12)
    yield "a tar with no octal number", "tar", fixed(tar_of(), 124, b"-0000000001\0")
    yield "a gzip cut off", "gz", gzip.compress(b"x" * 1000)[:-3]
    yield "a gzip with a wrong sum", "gz", gzip.compress(b"x" * 1000)[:-8] + b"\0" * 8


def fixed(tar, place, field):
    """A header with another field, and the right sum."""
    head = bytearray(tar[:512])
    head[place:place + len(field)] = field
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + tar[512:]
