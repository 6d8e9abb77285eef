"""JSONTestSuite: what must parse does and keeps its values, what must not is refused with a sentence, nothing crashes."""
import json, os


def run(convert, corpora):
    folder = os.path.join(corpora, "json", "test_parsing")
    passed, failures = 0, []
    names = sorted(os.listdir(folder))
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read()
        result = convert(data, "json", "json")
        problem = judge(name, data, result)
        if problem:
            failures.append(f"{name}: {problem}")
        else:
            passed += 1
    return passed, len(names), failures, 162


def judge(name, data, result):
    """What is wrong with the result, or None."""
    if result.crashed:
        return "crash: " + result.message[-200:]
    if result.seconds > 10:
        return f"{result.seconds:.1f} s"
    if name.startswith("n_"):
        return None if result.refused else "not refused"
    if name.startswith("i_") and result.output is None:
        return None if result.refused else "no sentence"
    if result.output is None:
        return "refused: " + result.message.strip()
    wanted, made = json.loads(data.decode("utf-8-sig")), json.loads(result.output)
    return None if wanted == made else f"became {result.output[:80]!r}"
