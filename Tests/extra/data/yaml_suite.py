"""YAML: yaml-test-suite's values and refusals, and texts that readers of version 1.1 and of 1.2 must read back the same.

What is written is read by PyYAML (1.1) and ruamel.yaml (1.2) where they are installed, and always by the converter.
"""
import json, os, random, string

ROUNDS = 1000
SUITE_FLOOR = 196  # 148 values and 48 refusals
WORDS = """~ null Null NULL true True false yes Yes no NO on off y n Y N 0 00 012 0o7 0x1F 0b11 1_000 1.0 1. .5 +.5 1e3
1E-3 1.0e+3 .inf -.INF .nan .NaN 1:30 12:30:45 190:20:30.15 2026-01-02 2026-01-02T03:04:05Z 2026-1-2 << = - ? : --- ...
---x ...x %x @x `x` !x !!str &a *a | > |- # #x [ ] { } , [a] {a} a:b a#b a:\u00a0b key:""".split() + [
    "", " ", "  ", " a", "a ", "a: b", "a:", ": a", "a #b", "- a", "? a", "-a", "?a", ":a", "'", '"', "''", "it's",
    'say "x"', "a\\b", "\\", "\t", "a\tb", "\ta", "a\t", "\n", "\n\n", "a\n", "a\nb", "a\n\nb\n\n", " a\nb", "\na",
    "\n a", "a\n b", "a\n ", "a\n  \nb", "a\n\tb", "\ta\nb", "a\r\nb", "\r", "--- a\n...\nb", "# a\nb", "a: b\nc: d",
    "\0", "\x07", "\x1b", "\x7f", "\x85", "\xa0", "\u2028", "a\u2029b", "\ufeff", "a\ufeffb", "\ufffe", "\uffff",
    "\u00e9", "\u65e5\u672c", "\U0001f600", "\U0010ffff", "e\u0301", "x" * 200, "word " * 300, "\u00e9" * 3000,
    ("line\n" * 200), "a" * 127, "a" * 128, "a" * 129, "a: " * 60, "1.2.3", "1.2.3.4", "12e", "0x", "0xfg", "1-2", "+", "+a",
]


def run(convert, corpora):
    passed, total, failures = 0, 0, []
    for problem in list(conformance(convert, os.path.join(corpora, "yaml"))) + list(round_trips(convert)):
        total += 1
        if problem:
            failures.append(problem)
        else:
            passed += 1
    return passed, total, failures, SUITE_FLOOR + ROUNDS


def conformance(convert, folder):
    """A problem or None for each case of the suite that says what must become of it."""
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".json"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            case = json.load(file)
        result = convert(case["yaml"], "yaml", "json")
        problem = judge(case, result)
        if problem or case["must_fail"] or "json" in case:
            yield problem and f"{case['id']} {case['name']}: {problem}"


def judge(case, result):
    """What is wrong with the result, or None."""
    if result.crashed:
        return "crash: " + result.message[-200:]
    if case["must_fail"]:
        return None if result.refused else f"not refused but {result.output!r:.80}"
    if "json" not in case:
        return None
    if result.output is None:
        return "refused: " + result.message.strip()
    documents = values(case["json"])
    wanted = documents[0] if len(documents) == 1 else documents or None
    made = json.loads(result.output)
    return None if made == wanted else f"became {made!r:.80}, not {wanted!r:.80}"


def values(text):
    """The JSON documents that stand one after the other in a text."""
    decoder, found, place = json.JSONDecoder(), [], 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        value, place = decoder.raw_decode(text, place)
        found.append(value)
    return found


def round_trips(convert):
    """A problem or None for each of many values at random, the same in every run."""
    readers, dice = installed(), random.Random(12)
    for number in range(ROUNDS):
        # The first ones take the words in turn, as a value and as a key; what follows is mixed.
        word = WORDS[number % len(WORDS)]
        value = [word, {word: word}, [[word], {word: {word: [word]}}]][number // len(WORDS)] \
            if number < 3 * len(WORDS) else tree(dice, 0)
        yield round_trip(convert, readers, value)


def round_trip(convert, readers, value):
    made = convert(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), "json", "yaml")
    if made.output is None:
        return f"{value!r:.80} is refused: {made.message.strip()[-200:]}"
    for name, read in readers:
        try:
            back = read(made.text)
        except Exception as error:
            return f"{name} cannot read {made.text!r:.120}: {error!s:.120}"
        if exact(back) != exact(value):
            return f"{name} reads {made.text!r:.120} as {back!r:.80}, not {value!r:.80}"
    back = convert(made.output, "yaml", "json")
    if back.output is None or exact(json.loads(back.output)) != exact(value):
        return f"the converter does not read back {made.text!r:.120}: {back.message or back.output!r:.120}"
    return None


def exact(value):
    """A form in which 1, 1.0 and True are not the same, and the order of members counts."""
    if isinstance(value, dict):
        return [(key, exact(part)) for key, part in value.items()]
    if isinstance(value, list):
        return [exact(part) for part in value] + ["list"]
    return type(value).__name__, value


def installed():
    readers = []
    try:
        import yaml
        readers.append(("PyYAML", yaml.safe_load))
        if yaml.__with_libyaml__:
            readers.append(("libyaml", lambda text: yaml.load(text, yaml.CSafeLoader)))
    except ImportError:
        pass
    try:
        from ruamel.yaml import YAML
        readers.append(("ruamel.yaml", lambda text: YAML(typ="safe", pure=True).load(text)))
    except ImportError:
        pass
    return readers


def tree(dice, depth):
    kind = dice.random()
    if depth < 5 and kind < 0.3 or depth == 0 and kind < 0.5:
        return [tree(dice, depth + 1) for _ in range(dice.choice([0, 1, 1, 2, 3, 5]))]
    if depth < 5 and kind < 0.65 or depth == 0:
        return {text(dice): tree(dice, depth + 1) for _ in range(dice.choice([0, 1, 1, 2, 3, 5]))}
    return dice.choice([text, text, text, number, lambda _: None, lambda dice: dice.random() < 0.5])(dice)


def number(dice):
    return dice.choice([
        lambda: dice.randint(-10, 1000), lambda: dice.randint(-10**30, 10**30), lambda: dice.uniform(-1e6, 1e6),
        lambda: dice.uniform(-1, 1) * 10 ** dice.randint(-300, 300), lambda: 0.0, lambda: -1.5,
    ])()


def text(dice):
    if dice.random() < 0.3:
        return dice.choice(WORDS)
    alphabet = dice.choice([
        string.ascii_letters, string.digits + "-+.:_eExo", string.punctuation + " ab", "ab \n", "a:# \n\t-", " '\"\\a",
        "\0\x01\t\n\r\x1b\x7f\x85\xa0\u2028\ufeffa ", "a\u00e9\u65e5\U0001f600 \n",
    ])
    return "".join(dice.choice(alphabet) for _ in range(dice.choice([0, 1, 2, 3, 5, 10, 30, 150])))
