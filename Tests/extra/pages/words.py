"""Whether each list of words in Resources/web/words has every text of the pages, as many values in each, and nothing else.

usage: words.py; needs node
"""
import glob, json, os, re, subprocess, sys

web = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../../Resources/web"))


def template(text, start):
    """The template literal that begins at a place: its text with {} for each value, and what stands in these."""
    out, inner, place = "", [], start
    while text[place] != "`":
        if text.startswith("${", place):
            depth, end = 1, place + 2
            while depth:
                if text[end] == "`":
                    end = template(text, end + 1)[2]
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            inner.append(text[place + 2:end - 1])
            out, place = out + "{}", end
        else:
            if text[place] == "\\":
                place += 1
            out, place = out + text[place], place + 1
    return out, inner, place


def texts(source):
    for found in re.finditer(r"\bt`", source):
        yield template(source, found.end())[0]
    for one, more in re.findall(r'\bmany\([^;]*?, "([a-z ]+)"(?:, "([a-z ]+)")?\)', source):
        yield one
        yield more or one + "s"


# What is seen or heard of an element, and stands in the code as it is; the public pages are English.
PUBLIC = {"home.js", "docs.js", "trial.js", "schema.js"}
BARE = [
    re.compile(r'(?:"aria-label"|title|placeholder|alt|label)(?:: |", )(?:"([^"]*)"|`([^`]*)`)'),
    re.compile(r'\b(?:el\("\w+", \{(?:[^{}]|\{[^{}]*\})*\},|card\(|field\(|act\(|empty\(|note\("\w*",|badge\([^,()]*,) ?(?:"([^"]*)"|`([^`]*)`)'),
    re.compile(r'\["", (?:"([^"]*)"|`([^`]*)`)\]'),
]
# Names, addresses and what a program would write.
SAME = {"API", "wonder", "curl", "S3", "FTP", "SQLite", "EUR", "USD", "English", "Deutsch", "1.0876", "second", "#ffffff", "us-east-1", "anonymous", "UTC", "https"}


def bare(path):
    """Texts of a script that no list of words can have, for nothing asks a list for them."""
    if os.path.basename(path) in PUBLIC:
        return
    for number, line in enumerate(open(path).read().splitlines(), 1):
        for pattern in BARE:
            for groups in pattern.findall(line):
                text = re.sub(r"\$\{.*?\}", "", "".join(groups)).strip(" :·,./…()-")
                if re.search(r"[A-Za-z]{2}", text) and text not in SAME and not re.search(r"[./_=]\S|://", text):
                    yield f"{os.path.basename(path)}:{number} {text!r}"


used = {text for path in glob.glob(web + "/*.js") + glob.glob(web + "/pages/*.js") for text in texts(open(path).read())}
failed = 0
loose = [entry for path in sorted(glob.glob(web + "/*.js") + glob.glob(web + "/pages/*.js")) for entry in bare(path)]
failed += bool(loose)
print("FAIL" if loose else "ok  ", "each text of the pages is asked of a list", loose or "")
for path in sorted(glob.glob(web + "/words/*.js")):
    if path.endswith("languages.js"):
        continue
    script = "import(process.argv[1]).then((list) => console.log(JSON.stringify(list.default)))"
    words = json.loads(subprocess.run(["node", "--input-type=module", "-e", script, path], capture_output=True, text=True, check=True).stdout)
    missing, idle = sorted(used - set(words)), sorted(set(words) - used)
    uneven = [text for text, other in words.items() if not re.search(r"\{\d\}", other) and text.count("{}") != other.count("{}")]
    for name, wrong in (("lacks no text", missing), ("has none that is not used", idle), ("has as many values in each", uneven)):
        failed += bool(wrong)
        print("FAIL" if wrong else "ok  ", os.path.basename(path), name, wrong or "")
sys.exit(failed > 0)
