"""CommonMark's and GFM's examples, cmark-gfm's tests, and documents that make parsers slow, as HTML without a page.

Whoever converts may know an option `extensions`: the names of what is read beyond CommonMark, or `commonmark`. Without it
all is read that GitHub adds, and the few examples that say what CommonMark alone makes of such text cannot pass.
"""
import json, os, re

ALL = "table,tasklist,strikethrough,autolink,tagfilter,footnotes"

# The example of task lists has attributes in another order than cmark-gfm's tests have them.
NAMES = {"disabled": "tasklist"}

FLOOR, FLOOR_WITHOUT_EXTENSIONS = 719, 706

N = 20_000
SLOW = {
    "emphasis that nests": "*a **a " * N + "b" + " a** a*" * N,
    "openers and closers": "*a_ " * N,
    "closers whose lengths do not add up": "a**b" + "c* " * N,
    "brackets": "[" * N + "a" + "]" * N,
    "images that nest": "![[]()" * N,
    "links that nest": "[" * N + "](a)" * N,
    "backticks": "".join("e" + "`" * i for i in range(1, 1000)),
    "destinations without end": "[a](<b" * N,
    "comments without end": "a <!--" * N,
    "sections without end": "a <![CDATA[" * N,
    "quotes that nest": "> " * N + "a",
    "lists that nest": "- " * N + "a",
    "definitions": "".join(f"[a{i}]: /b\n" for i in range(N)) + "\n[a5]\n",
    "a definition that is used often": "[a]: /" + "x" * N + "\n\n" + "[a]\n" * N,
    "a wide table": "|a" * N + "|\n" + "|-" * N + "|\n" + "b\n" * N,
    "mail addresses": "a@b" * N,
    "web addresses": "(www.a" * N,
    "parentheses after an address": "http://a" + ")" * N,
}


def run(convert, corpora):
    knows = convert("a", "md", "html", fragment="true", extensions="commonmark").output is not None
    passed, failures, total = 0, [], 0
    for folder in ("commonmark", "gfm-spec", "gfm-extensions", "regression"):
        with open(os.path.join(corpora, "markdown", folder, "cases.json"), encoding="utf-8") as file:
            cases = json.load(file)
        for case in cases:
            total += 1
            problem = judge(convert, folder, case, knows)
            if problem:
                failures.append(f"{folder} {case['example']} ({case['section']}): {problem}")
            else:
                passed += 1
    for name, text in SLOW.items():
        total += 1
        result = convert(text, "md", "html", fragment="true")
        if result.output is None or result.seconds > 3:
            failures.append(f"{name}: {result.message.strip() or f'{result.seconds:.1f} s'}")
        else:
            passed += 1
    return passed, total, failures, FLOOR if knows else FLOOR_WITHOUT_EXTENSIONS


def judge(convert, folder, case, knows):
    """What is wrong with what an example becomes, or None."""
    options = {"fragment": "true", "raw_html": "true"}
    if knows:
        names = ",".join(NAMES.get(name, name) for name in case["extensions"]) or "commonmark"
        options["extensions"] = ALL if folder == "gfm-extensions" else names
    result = convert(case["markdown"], "md", "html", **options)
    if result.output is None:
        return "not made: " + result.message.strip()
    if case["html"].strip() == "<IGNORE>" or normal(result.text) == normal(case["html"]):
        return None
    return f"{result.text!r:.200}, not {case['html']!r:.200}"


def normal(html):
    """HTML without white space beside tags, and its attributes in one order."""
    html = re.sub(r"<input\b([^>]*?)\s*/?>", lambda tag: "<input " + " ".join(sorted(tag[1].split())) + ">", html)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", html).strip()
