"""What users of hosted services get from the usual libraries, pair by pair, and where it is meant to be otherwise.

The output is compared as a document where it is JSON, YAML (by PyYAML) or TOML, and by its text where it is CSV or XML;
`error` must be a refusal.
"""
import json, os, tomllib

import yaml

REFUSED = object()
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
READ = {"json": json.loads, "yaml": yaml.safe_load, "toml": tomllib.loads}
# (pair, input): what it becomes on purpose. No Python words in CSV, later columns are added, a delimiter is found, a
# mark at the beginning is no text, a row that is too long is refused, and a single object is a table of one row. YAML is
# 1.2; times and binary data are text in JSON, which has no infinity; XML has no U+0000; arrays of TOML may be mixed.
OTHERWISE = {
    ("csv-to-json", "a,b\n1,2,3\n"): REFUSED,
    ("csv-to-json", "\ufeffa,b\n1,2\n"): [{"a": "1", "b": "2"}],
    ("csv-to-json", "a\tb\n1\t2\n"): [{"a": "1", "b": "2"}],
    ("csv-to-xml", "a,b\n1,2,3\n"): REFUSED,
    ("json-to-csv", '[{"a":1},{"a":2,"b":3}]'): "a,b\r\n1,\r\n2,3\r\n",
    ("json-to-csv", '[{"a":1,"b":{"c":2}},{"a":null,"b":[1,2]}]'): 'a,b\r\n1,"{""c"":2}"\r\n,"[1,2]"\r\n',
    ("csv-to-xml", "a;b\n1;2\n"): f"{HEAD}<root>\n  <item>\n    <a>1</a>\n    <b>2</b>\n  </item>\n</root>",
    ("json-to-xml", '{"u":"日本 😀 \\u0000x"}'): REFUSED,
    ("json-to-toml", '{"u":"日本 😀 \\u0000x"}'): {"u": "日本 😀 \0x"},
    ("yaml-to-json", 'a: yes\nb: no\nc: on\nd: "yes"\n'): {"a": "yes", "b": "no", "c": "on", "d": "yes"},
    ("yaml-to-json", "a: 012\nb: 0o12\nc: 0x1F\nd: 1_000\ne: 1e3\nf: .inf\n"): REFUSED,
    ("yaml-to-json", "!!binary aGk=\n"): "aGk=",
    ("toml-to-json", "a = 07:32:00\n"): {"a": "07:32:00"},
    ("toml-to-json", "a = inf\n"): REFUSED,
    ("toml-to-json", "a = nan\n"): REFUSED,
    ("toml-to-json", 'a = [1, "x"]\n'): {"a": [1, "x"]},
    ("json-to-csv", '[{"t":true,"f":false,"n":1.0}]'): "t,f,n\r\ntrue,false,1.0\r\n",
}
def run(convert, corpora):
    with open(os.path.join(corpora, "data-goldens", "cases.json"), encoding="utf-8") as file:
        cases = json.load(file)
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
    if target in READ:
        made = READ[target](result.text)
        isText = isinstance(wanted, str) and (case["pair"], case["input"]) not in OTHERWISE
        wanted = READ[target](wanted) if isText else wanted
    else:
        made = result.text if target == "csv" else result.text.strip()
    return None if made == wanted else f"became {made!r:.100}"
