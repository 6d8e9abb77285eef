"""The XML conformance suite of the W3C, for XML 1.0 in its fifth edition, and the conventions by which XML becomes JSON.

What is not well-formed is refused, what is valid, or only invalid, is read. With a document type it may be refused too, for
entities are not expanded; but what is read has nothing of other files in it. Cases that need other files to be read, that are
of another edition, of XML 1.1 or only of namespaces are left out. What is read has the values that Python's expat and the
conventions of xmltodict give, and comes back from JSON as XML that xml.etree reads, with the same values.
"""
import glob, json, os, re
import xml.etree.ElementTree
import xml.parsers.expat

CATALOGUES = ["ibm/*.xml", "xmltest/xmltest.xml", "sun/*.xml", "oasis/oasis.xml", "japanese/japanese.xml", "eduni/**/*.xml"]


def run(convert, corpora):
    passed, total, failures, refused = 0, 0, [], 0
    folder = os.path.join(corpora, "xml")
    for path, case in cases(folder):
        with open(path, "rb") as file:
            data = file.read()
        result = convert(data, "xml", "json")
        has_doctype = b"<!DOCTYPE" in data.replace(b"\0", b"")
        total += 1
        problem = judge(case, data, has_doctype, result) or again(convert, result)
        refused += case["TYPE"] != "not-wf" and result.output is None
        if problem:
            failures.append(f"{os.path.relpath(path, folder)}: {problem}")
        else:
            passed += 1
    # All of them have been reached; so many of what may be read are refused for their entities.
    if refused:
        failures.append(f"(no failure: {refused} documents are refused because their document type needs expanding)")
    return passed, total, failures, total


def cases(folder):
    """The files of this half with their attributes in the catalogues."""
    for pattern in CATALOGUES:
        for catalogue in sorted(glob.glob(os.path.join(folder, pattern), recursive=True)):
            with open(catalogue, encoding="utf-8", errors="replace") as file:
                tests = re.findall(r"<TEST\s([^>]*)>", file.read())
            for test in tests:
                case = {name: value for name, _, value in re.findall(r"([\w:]+)\s*=\s*([\"'])(.*?)\2", test, re.S)}
                path = os.path.join(os.path.dirname(catalogue), case.get("URI", ""))
                if os.path.isfile(path) and counts(case):
                    yield path, case


def counts(case):
    recommendation = case.get("RECOMMENDATION", "")
    if recommendation == "XML1.1" or recommendation.startswith("NS") or case["TYPE"] == "error":
        return False
    if case["TYPE"] == "not-wf" and case.get("ENTITIES", "none") != "none":
        return False
    return "5" in case.get("EDITION", "5").split()


def judge(case, data, has_doctype, result):
    """What is wrong with the result, or None."""
    if result.crashed:
        return "crash: " + result.message[-200:]
    if case["TYPE"] == "not-wf":
        return None if result.refused else "not refused"
    if result.output is None:
        return None if has_doctype and result.refused else "refused: " + result.message.strip()
    try:
        wanted = values(data)
    except (xml.parsers.expat.ExpatError, LookupError, ValueError):
        # Names that only the fifth edition allows, and encodings that expat does not know.
        return None
    made = json.loads(result.output)
    return None if made == wanted else f"became {made!r}, not {wanted!r}"


def again(convert, result):
    """What is wrong with the way from JSON to XML and back, or None."""
    if result.output is None:
        return None
    written = convert(result.output, "json", "xml")
    if written.output is None:
        return "back: " + written.message.strip()
    try:
        xml.etree.ElementTree.fromstring(written.output)
    except xml.etree.ElementTree.ParseError as error:
        return f"back: {error} in {written.output[:200]!r}"
    read = convert(written.output, "xml", "json")
    made, wanted = json.loads(read.output or b"null"), json.loads(result.output)
    # Names that had to be repaired differ, and so do single items, which are left out.
    if set(names(made)) != set(names(wanted)) or b'"item"' in result.output:
        return None
    return None if made == wanted else f"back: {made!r}, not {wanted!r}"


def names(value):
    if isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from names(part)
    elif isinstance(value, list):
        for part in value:
            yield from names(part)


class Builder:
    """Gathers expat's events by the conventions."""

    def __init__(self):
        self.top, self.stack = {}, []

    def start(self, name, attributes):
        self.stack.append(({"@" + key: value for key, value in attributes.items()}, []))

    def text(self, text):
        self.stack[-1][1].append(text)

    def end(self, name):
        members, texts = self.stack.pop()
        text = "".join(texts).strip(" \t\r\n")
        if members and text:
            members["#text"] = text
        add(self.stack[-1][0] if self.stack else self.top, name, members or text or None)


def add(members, name, value):
    if name not in members:
        members[name] = value
    elif isinstance(members[name], Several):
        members[name].append(value)
    else:
        members[name] = Several([members[name], value])


class Several(list):
    pass


def values(data):
    builder, parser = Builder(), xml.parsers.expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    parser.Parse(data, True)
    value = builder.top
    if list(value) == ["root"]:
        value = value["root"]
        if isinstance(value, dict) and list(value) == ["item"]:
            value = value["item"]
    return value
