"""The QR codes of the pages: each version with each mask as PyPI's qrcodegen draws it, and read by PyPI's zxing-cpp.

usage: qr.py; needs node.
"""
import base64, json, os, subprocess, sys

import numpy, zxingcpp
from qrcodegen import QrCode, QrSegment

root = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../.."))
# How many bytes level M has room for, by version (ISO/IEC 18004:2015, table 7).
MOST = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666]
SCRIPT = """
const { qrCode } = await import(process.argv[1]);
const wanted = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(wanted.map(([text, mask]) => qrCode(text, mask)?.map((row) => row.map(Number).join("")) ?? null)));
"""
failed = 0


def check(name, holds, shown=""):
    global failed
    failed += not holds
    print("ok  " if holds else "FAIL", name, "" if holds else shown, flush=True)


def drawn(wanted):
    module = "data:text/javascript;base64," + base64.b64encode(open(os.path.join(root, "Resources/web/qr.js"), "rb").read()).decode()
    out = subprocess.run(["node", "--input-type=commonjs", "-e", f"(async () => {{{SCRIPT}}})()", module], input=json.dumps(wanted), capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stderr)
    return json.loads(out.stdout)


def read(rows):
    """What a decoder says of a code with its border, each module four points wide."""
    dark = numpy.pad(numpy.array([[int(value) for value in row] for row in rows], dtype=numpy.uint8), 4)
    found = zxingcpp.read_barcodes(numpy.kron(255 * (1 - dark), numpy.ones((4, 4), dtype=numpy.uint8)), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if found else None


address = "otpauth://totp/wonder:someone%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=wonder&algorithm=SHA1&digits=6&period=30 "
texts = [(address * 6)[:most] for most in MOST] + [(address * 6)[:most - 3] for most in MOST]
# A text that fills its version and one that leaves room; the larger versions differ in nothing but their tables.
wanted = [[text, mask] for at, text in enumerate(texts) for mask in (range(8) if at % 20 < 10 else (at % 8,))]
wrong = []
for (text, mask), rows in zip(wanted, drawn(wanted)):
    version = (len(rows) - 17) // 4
    other = QrCode.encode_segments([QrSegment.make_bytes(text.encode())], QrCode.Ecc.MEDIUM, version, version, mask, False)
    if rows != ["".join(str(int(other.get_module(x, y))) for x in range(len(rows))) for y in range(len(rows))]:
        wrong.append((version, mask, len(text)))
check(f"{len(wanted)} codes of 20 versions are as qrcodegen draws them", not wrong, wrong)

texts += ["", "ä 日本語 🙂", "https://example.com/"]
codes = drawn([[text, None] for text in texts])
said = [read(rows) for rows in codes]
check(f"{len(texts)} codes are read by a decoder", [text or None for text in texts] == [text or None for text in said], [(len(text), got) for text, got in zip(texts, said) if (text or None) != (got or None)])
check("each takes the smallest version that has room", [len(rows) for rows in codes[:20]] == [21 + 4 * at for at in range(20)], [len(rows) for rows in codes[:20]])
check("a text that no code has room for has none", drawn([["x" * 667, None]]) == [None])
sys.exit(failed > 0)
