"""csv-spectrum by its own JSON, and frictionless's tables by what Python's csv reads of them."""
import csv, io, json, os, zipfile

# What cuts the fields of a file that is not cut by commas.
DELIMITERS = {
    "accent.csv": ";", "delimiter.csv": ";", "vix.csv": ";", "issue-1105-timezone.csv": ";", "dialect.csv": "|",
    "issue-1478/table.csv": "|",
}

# The JSON of this one has another telephone number than its table, and the row alone instead of a list.
CONTRADICTS = {"location_coordinates.csv": ("Contact Phone Number", "2095257564")}


def run(convert, corpora):
    passed, failures = 0, []
    cases = list(spectrum(convert, os.path.join(corpora, "csv", "csv-spectrum")))
    cases += list(frictionless(convert, os.path.join(corpora, "csv", "frictionless")))
    for name, problem in cases:
        if problem:
            failures.append(f"{name}: {problem}")
        else:
            passed += 1
    return passed, len(cases), failures, len(cases)


def spectrum(convert, folder):
    for name in sorted(os.listdir(os.path.join(folder, "csvs"))):
        data = read(os.path.join(folder, "csvs", name))
        wanted = json.loads(read(os.path.join(folder, "json", name[:-3] + "json")))
        if name in CONTRADICTS:
            wanted = [{**wanted, CONTRADICTS[name][0]: CONTRADICTS[name][1]}]
        result = convert(data, "csv", "json")
        if result.output is None:
            yield name, "refused: " + result.message.strip()
        else:
            made = json.loads(result.output)
            yield name, None if made == wanted else f"became {made!r:.200}"


def frictionless(convert, folder):
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(name for name in names if name.endswith(".csv")):
            path = os.path.join(place, name)
            short = os.path.relpath(path, folder)
            yield short, judge(convert, read(path), DELIMITERS.get(short, ","))


def is_listing(text, data):
    """Whether a document names exactly what Python finds in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    made = json.loads(text)
    return [entry.get("name") for entry in (made.get("entries") if isinstance(made, dict) else made)] == names


def judge(convert, data, delimiter):
    """What is wrong with what becomes of a table, with its first row as header and without one; None where nothing is."""
    if data.startswith(b"PK"):
        # Bytes decide what a file is, not its name: an archive is listed or refused, and never read as a table.
        result = convert(data, "csv", "json")
        listed = not result.refused and not result.crashed and is_listing(result.text, data)
        return None if result.refused or listed else "an archive was read as a table"
    rows = python_rows(data, delimiter)
    names = {False: [f"column{number + 1}" for number in range(len(rows[0]) if rows else 0)], True: rows[0] if rows else []}
    for header in (False, True):
        body = rows[1:] if header else rows
        result = convert(data, "csv", "json", header="true" if header else "false")
        if result.crashed:
            return "crash: " + result.message[-200:]
        ragged = next((row for row in body if len(row) > len(rows[0])), None)
        if not body or ragged:
            if not result.refused:
                return "not refused: " + ("no row" if not body else f"{ragged}")
            if ragged and "line " not in result.message:
                return "no line: " + result.message.strip()
            continue
        if result.output is None:
            return "refused: " + result.message.strip()
        wanted = [dict(zip(names[header], row + [None] * (len(rows[0]) - len(row)))) for row in body]
        if json.loads(result.output) != wanted:
            return f"became {result.output[:200]!r}, Python's {wanted!r:.200}"
    copied = convert(data, "csv", "tsv")
    if rows and python_rows(copied.output or b"", "\t") != rows:
        return "other rows as TSV: " + copied.message.strip()
    return None


def python_rows(data, delimiter):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


def read(path):
    with open(path, "rb") as file:
        return file.read()
