"""A thousand made-up values through every pair of formats that can hold them, written and read by Python's own modules.

Trees go through JSON, YAML and TOML; rows of text through all formats. TOML has no list at its top, so that there they
are its member `items`. PyYAML is needed for YAML; without it those pairs are left out.
"""
import csv, io, json, random, tomllib
import xml.etree.ElementTree as ET

try:
    import yaml
except ImportError:
    yaml = None

COUNT = 1000
# What some reader takes for something else than text, where it stands without quotes.
ODD = ["yes", "no", "null", "~", "true", "1", "1.0", "0o7", "012", "1e3", "2001-01-01", "- a", "a: b", "#", "a #b", "*a", "&a",
       "!a", "%a", "@a", "`", "{", "[", "'", '"', "''", '""', "|", ">", "?", ":", "=", "<<", ".inf", "0x1F", "1_000", "12:30:45"]
LETTERS = "abcxyz019 _-.:,;#'\"\\/|<>&%{}[]()*!?@=+~^äßçλЖ漢字😀\u00a0"


def text(r, lines=True):
    if r.random() < 0.2:
        return r.choice(ODD)
    letters = LETTERS + ("\n\t" if lines else "")
    return "".join(r.choice(letters) for _ in range(r.randrange(1, 20)))


def value(r, depth=3):
    kind = r.randrange(8 if depth else 5)
    if kind == 0:
        return r.randrange(-(1 << 53), 1 << 53)
    if kind == 1:
        return round(r.uniform(-1000, 1000), 3)
    if kind == 2:
        return r.random() < 0.5
    if kind in (3, 4):
        return text(r) if r.random() < 0.9 else ""
    if kind == 5:
        return [value(r, depth - 1) for _ in range(r.randrange(4))]
    return {text(r, False): value(r, depth - 1) for _ in range(r.randrange(4))}


def as_toml(value):
    """A value as TOML has it within a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {as_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def table(rows, delimiter):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def elements(rows):
    root = ET.Element("root")
    for row in rows:
        item = ET.SubElement(root, "item")
        for name, field in row.items():
            ET.SubElement(item, name).text = field
    return ET.tostring(root, encoding="unicode")


def read_table(data, delimiter):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter))


WRITE = {
    "json": lambda value: json.dumps(value, ensure_ascii=False),
    "ndjson": lambda rows: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
    "toml": lambda value: "\n".join(f"{json.dumps(k)} = {as_toml(v)}" for k, v in value.items()),
    "csv": lambda rows: table(rows, ","),
    "tsv": lambda rows: table(rows, "\t"),
    "xml": elements,
}
READ = {
    "json": json.loads,
    "ndjson": lambda data: [json.loads(line) for line in data.decode("utf-8").split("\n") if line],
    "toml": lambda data: tomllib.loads(data.decode("utf-8")),
    "csv": lambda data: read_table(data, ","),
    "tsv": lambda data: read_table(data, "\t"),
    "xml": lambda data: [{field.tag: field.text for field in item} for item in ET.fromstring(data)],
}
if yaml:
    class Quoting(yaml.SafeDumper):
        """PyYAML writes YAML 1.1, where 1e3 and 0o7 are texts without quotes; YAML 1.2 takes them for numbers."""

    Quoting.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
    WRITE["yaml"] = lambda value: yaml.dump(value, Dumper=Quoting, allow_unicode=True, sort_keys=False)
    READ["yaml"] = lambda data: yaml.safe_load(data.decode("utf-8"))


def run(convert, corpora):
    r = random.Random(22)
    trees = {"items": [value(r) for _ in range(COUNT)]}
    # XML takes blanks at the ends for layout, and no table has a row of nothing.
    rows = [{name: text(r, False).strip() or "x" for name in ("alpha", "beta", "gamma")} for _ in range(COUNT)]
    cases = []
    formats = [name for name in WRITE if name in READ]
    deep = [name for name in ("json", "yaml", "toml") if name in formats]
    cases += [("trees", one, two, trees, trees) for one in deep for two in deep]
    for one in formats:
        for two in formats:
            # What has a list at its top gives TOML one below `items`; TOML keeps that name in what can hold it.
            if one == "toml" and two in ("csv", "tsv", "ndjson", "xml"):
                continue
            given = {"items": rows} if one == "toml" else rows
            wanted = {"items": rows} if "toml" in (one, two) else rows
            cases.append(("rows", one, two, given, wanted))
    failures = []
    for kind, one, two, given, wanted in cases:
        result = convert(WRITE[one](given), one, two)
        problem = judge(result, two, wanted)
        if problem:
            failures.append(f"{kind} of {one} to {two}: {problem}")
    return len(cases) - len(failures), len(cases), failures, len(cases)


def judge(result, target, wanted):
    if result.output is None:
        return "refused: " + result.message.strip()
    try:
        made = READ[target](result.output)
    except Exception as error:
        return f"cannot be read: {error}"
    if made == wanted:
        return None
    made, wanted = (x["items"] if isinstance(x, dict) else x for x in (made, wanted))
    pairs = [(a, b) for a, b in zip(made, wanted) if a != b] if isinstance(made, list) else [(made, wanted)]
    return f"{len(pairs) or 'no'} values differ of {len(wanted)}: " + (f"{pairs[0][0]!r:.150} for {pairs[0][1]!r:.150}" if pairs else "")
