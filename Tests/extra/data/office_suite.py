"""Office documents of real programs: a verdict for every file and target, and the words and cells that others read.

Every DOCX, PPTX, XLSX, ODT, ODP, ODS and EPUB of the corpora is converted to each of its targets: made, or refused with a
sentence. All DOCX (and EPUB) together must have at least 98 % of the words of `pandoc -t plain`, all XLSX that openpyxl
reads the same cells. Needs pandoc, and openpyxl beside this Python.
"""
import collections, datetime, glob, json, os, re, subprocess, warnings

TEXTS = {"docx", "pptx", "odt", "odp", "epub"}
SHEETS = {"xlsx", "ods"}
SHARE = 0.98
FLOOR = 650


def run(convert, corpora):
    convert.patience = 30
    found = glob.glob(os.path.join(corpora, "documents", "**", "*"), recursive=True)
    paths = sorted(path for path in found if ending(path) in TEXTS | SHEETS)
    failures, passed = [], 0
    words = {"docx": collections.Counter(), "epub": collections.Counter()}
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        for target in ["txt", "md", "html", "json"] + (["csv"] if ending(path) in SHEETS else []):
            result = convert(data, ending(path), target)
            if result.output is not None or result.refused:
                passed += 1
            else:
                failures.append(f"{os.path.basename(path)} to {target}: {result.message.strip() or 'no verdict'}")
            if target == "txt" and ending(path) in words and result.output is not None:
                compare(words[ending(path)], result.text, pandoc(path))
        if ending(path) == "xlsx":
            result = convert(data, "xlsx", "json", sheet="all", header="false", hidden="true")
            problem = cells(path, result)
            passed += not problem
            if problem:
                failures.append(f"{os.path.basename(path)}: {problem}")
    for format, counts in words.items():
        share = counts["both"] / max(1, counts["pandoc"])
        print(f"     {format}: {counts['both']} of pandoc's {counts['pandoc']} words, {share:.2%}; {counts['own']} of ours")
        passed += share >= SHARE
        if share < SHARE:
            failures.append(f"{format}: {share:.2%} of the words, not {SHARE:.0%}")
    total = passed + len(failures)
    return passed, total, failures, FLOOR


def ending(path):
    return os.path.splitext(path)[1][1:].lower()


def pandoc(path):
    """The text by pandoc, or None for what it does not read."""
    made = subprocess.run(["pandoc", "-t", "plain", "--wrap=none", path], capture_output=True, timeout=120)
    return made.stdout.decode("utf-8", "replace") if made.returncode == 0 else None


def compare(counts, own, other):
    if other is None:
        return
    ours, theirs = (collections.Counter(re.findall(r"\w+", text)) for text in (own, other))
    counts["both"] += sum((ours & theirs).values())
    counts["pandoc"] += sum(theirs.values())
    counts["own"] += sum(ours.values())


def cells(path, result):
    """What differs in the cells that openpyxl reads, or None."""
    import openpyxl

    warnings.filterwarnings("ignore")
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        return None if result.refused or result.output is not None else f"openpyxl says {error!r:.80}, we nothing"
    if result.output is None:
        return "openpyxl reads it: " + result.message.strip()
    made = json.loads(result.text)
    for sheet in book.worksheets:
        theirs = [row for row in ([told(cell) for cell in row] for row in sheet.iter_rows(values_only=True)) if any_value(row)]
        ours = [[plain(cell) for cell in row] for row in made.get(sheet.title, [])]
        if len(theirs) != len(ours):
            return f"{sheet.title} has {len(ours)} rows, not {len(theirs)}"
        for number, (one, other) in enumerate(zip(ours, theirs), 1):
            one += [None] * (len(other) - len(one))
            other += [None] * (len(one) - len(other))
            for own, cell in zip(one, other):
                if own != cell and not (cell == "" and own is None) and not isinstance(cell, datetime.timedelta):
                    return f"{sheet.title}, row {number}: {own!r:.60}, not {cell!r:.60}"
    return None


def any_value(row):
    return any(cell is not None and cell != "" for cell in row)


def told(value):
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time(0):
            return value.date().isoformat()
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def plain(value):
    return value[:10] if isinstance(value, str) and value.endswith("T00:00:00") else value
