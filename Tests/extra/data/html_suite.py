"""HTML as Markdown, and that as HTML again, has the text it had; documents that make parsers slow do not.

The documents are those of the Markdown suites and the inputs of html5lib's tokenizer tests; the tokens themselves are
judged by HTMLTokenizerConformanceTests, for no conversion shows them. Trees of html5lib are read where they are: the text
that they say is in the document has to be in the plain text.
"""
import glob, json, os, re

FLOOR_SHARE = 0.99

N = 20_000
SLOW = {
    "elements that nest": "<div>" * N + "a" + "</div>" * N,
    "lists that nest": "<ul><li>a" * N,
    "quotes that nest": "<blockquote>" * N + "a",
    "tables that nest": "<table><tr><td>" * N + "a",
    "styles that nest": "<b><i>" * N + "a",
    "text before a table": "<table>" + "a<b>" * N,
    "attributes": "<a " + " ".join(f"a{i}=b" for i in range(N)) + ">c",
    "attributes without end": '<a b="' * N,
    "comments without end": "<!--" * N,
    "scripts without end": "<script>" + "<!--<script>" * N,
    "references": "&a" * N,
    "cells that span columns": "<table><tr>" + "<td colspan=1000>a" * N,
    "styles that cannot be said": "<p>" + "<b>a:</b>b" * N,
    "stars": "<p>" + "* [" * N,
}


def run(convert, corpora):
    folder = os.path.join(corpora, "html")
    cases = list(documents(corpora)) + list(inputs(folder))
    judged = [(name, again(convert, html)) for name, html in cases]
    judged += [(name, text(convert, html, wanted)) for name, html, wanted in trees(folder)]
    judged += [(name, slow(convert, html)) for name, html in SLOW.items()]
    failures = [f"{name}: {problem}" for name, problem in judged if problem]
    return len(judged) - len(failures), len(judged), failures, int(len(judged) * FLOOR_SHARE)


def documents(corpora):
    for folder in ("commonmark", "gfm-spec", "gfm-extensions", "regression"):
        with open(os.path.join(corpora, "markdown", folder, "cases.json"), encoding="utf-8") as file:
            for case in json.load(file):
                yield f"{folder} {case['example']}", case["html"]


def inputs(folder):
    """Every tenth input of the tokenizer's tests, for there are many that differ little."""
    for path in sorted(glob.glob(os.path.join(folder, "tokenizer", "*.test"))):
        with open(path, encoding="utf-8") as file:
            tests = json.load(file).get("tests", [])
        for test in tests[::10]:
            yield f"{os.path.basename(path)} {test['description']}", test["input"].encode("utf-8", "replace").decode()


def trees(folder):
    """Documents with the texts that a browser shows of them."""
    for path in sorted(glob.glob(os.path.join(folder, "tree-construction", "*.dat"))):
        with open(path, encoding="utf-8", newline="") as file:
            parts = re.split(r"(?:\A|\n\n)#data\n", file.read())
        for number, part in enumerate(parts[1:], 1):
            html, _, rest = part.partition("\n#errors")
            if "#document-fragment" in rest or "#script-on" in rest:
                continue
            yield f"{os.path.basename(path)} {number}", html, shown(rest.partition("#document\n")[2])


HIDDEN = {"script", "style", "title", "template", "noframes", "noembed", "iframe", "datalist", "textarea", "select", "svg",
          "annotation", "annotation-xml", "object", "audio", "video", "canvas", "rp"}


def shown(tree):
    """The texts of a tree in html5lib's notation that stand in no element which shows nothing."""
    texts, hidden, at = [], None, 0
    for match in re.finditer(r'^\| ( *)(?:"(.*?)"$|<(?:\w+ )?([^ >\n]+)[^\n]*$|[^\n]*$)', tree, re.M | re.S):
        at = len(match[1])
        if hidden is not None and at <= hidden:
            hidden = None
        if hidden is None and match[2] is not None:
            texts.append(match[2])
        elif hidden is None and match[3] in HIDDEN:
            hidden = at
    return "".join(texts)


def again(convert, html):
    """What differs in the text after HTML has become Markdown and HTML again, or None."""
    plain, markdown = convert(html, "html", "txt"), convert(html, "html", "md")
    back = convert(markdown.output or b"", "md", "html", fragment="true", raw_html="true")
    twice = convert(back.output or b"", "html", "txt")
    for result in (plain, markdown, back, twice):
        if result.output is None:
            return "not made: " + result.message.strip()
    if letters(plain.text) != letters(twice.text):
        return f"{plain.text!r:.150} became {twice.text!r:.150} by {markdown.text!r:.150}"
    return None


def text(convert, html, wanted):
    result = convert(html, "html", "txt")
    if result.output is None:
        return "not made: " + result.message.strip()
    return None if marks(result.text) == marks(wanted) else f"{result.text!r:.150}, not {wanted!r:.150}"


def letters(text):
    return re.sub(r"\s+", "", text)


def marks(text):
    """Text without white space and without what plain text adds for lists and lines."""
    return re.sub(r"[\s\-]+|\d+\.", "", text)


def slow(convert, html):
    for target in ("md", "txt"):
        result = convert(html, "html", target)
        if result.output is None or result.seconds > 3:
            return f"to {target}: " + (result.message.strip() or f"{result.seconds:.1f} s")
    return None
