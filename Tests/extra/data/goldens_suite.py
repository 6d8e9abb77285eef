"""What users of hosted services get from the usual libraries, pair by pair, and where it is meant to be otherwise.

A pair of formats is judged where the converter knows both; the output is compared as a document where it is JSON, YAML
or TOML, and byte by byte where it is CSV; `error` must be a refusal.
"""
import json, os

REFUSED = object()
# (pair, input): what it becomes on purpose. No Python words in CSV, later columns are added, a delimiter is found, a
# mark at the beginning is no text, a row that is too long is refused, and a single object is a table of one row.
OTHERWISE = {
    ("csv-to-json", "a,b\n1,2,3\n"): REFUSED,
    ("csv-to-json", "\ufeffa,b\n1,2\n"): [{"a": "1", "b": "2"}],
    ("csv-to-json", "a\tb\n1\t2\n"): [{"a": "1", "b": "2"}],
    ("csv-to-xml", "a,b\n1,2,3\n"): REFUSED,
    ("json-to-csv", '[{"a":1},{"a":2,"b":3}]'): "a,b\r\n1,\r\n2,3\r\n",
    ("json-to-csv", '[{"a":1,"b":{"c":2}},{"a":null,"b":[1,2]}]'): 'a,b\r\n1,"{""c"":2}"\r\n,"[1,2]"\r\n',
    ("json-to-csv", '[{"t":true,"f":false,"n":1.0}]'): "t,f,n\r\ntrue,false,1.0\r\n",
}
# Pairs of the data folder's cases that are judged here.
PAIRS = {"csv-to-json", "json-to-csv"}


def run(convert, corpora):
    with open(os.path.join(corpora, "data-goldens", "cases.json"), encoding="utf-8") as file:
        cases = [case for case in json.load(file) if case["pair"] in PAIRS]
    passed, failures = 0, []
    for case in cases:
        problem = judge(convert, case)
        if problem:
            failures.append(f"{case['pair']} {case['input']!r:.60}: {problem}")
        else:
            passed += 1
    return passed, len(cases), failures, len(cases)


def judge(convert, case):
    source, target = case["pair"].split("-to-")
    # What a service takes that asks for a list of objects.
    options = {"requires_rows": "true"} if target == "csv" else {}
    result = convert(case["input"], source, target, **options)
    wanted = OTHERWISE.get((case["pair"], case["input"]), REFUSED if "error" in case else case.get("output"))
    if wanted is REFUSED:
        return None if result.refused else f"not refused: {result.message or result.output!r:.100}"
    if result.output is None:
        return "refused: " + result.message.strip()
    if target == "json":
        wanted = wanted if not isinstance(wanted, str) else json.loads(wanted)
        made = json.loads(result.output)
    else:
        made = result.text
    return None if made == wanted else f"became {made!r:.100}"
