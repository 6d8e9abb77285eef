"""toml-test: what is valid decodes to the values that the suite gives, what is not is refused, nothing crashes.

Each valid document then goes to JSON and back to TOML, and Python's tomllib must read the same from it.
"""
import datetime, glob, json, os, re, tomllib



def run(convert, corpora):
    folder = os.path.join(corpora, "toml")
    cases = sorted(glob.glob(os.path.join(folder, "*", "**", "*.toml"), recursive=True))
    passed, failures = 0, []
    for path in cases:
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, folder)
        result = convert(data, "toml", "json")
        if name.startswith("invalid"):
            problem = None if result.refused else "crash" if result.crashed else "not refused"
        else:
            with open(path[:-5] + ".json", encoding="utf-8") as file:
                problem = judge(json.load(file), result) or again(convert, result)
        if problem:
            failures.append(f"{name}: {problem}")
        else:
            passed += 1
    # All of them have been reached.
    return passed, len(cases), failures, len(cases)


def judge(wanted, result):
    """What is wrong with the result of a valid document, or None; what JSON cannot say may be refused."""
    if result.output is None:
        unspeakable = not result.crashed and any(
            scalar["type"] == "float" and scalar["value"].lstrip("+-") in ("inf", "nan") for scalar in scalars(wanted)
        )
        return None if unspeakable else "refused: " + result.message.strip()
    return compare(wanted, json.loads(result.output, parse_int=Spelling, parse_float=Spelling), "")


class Spelling(str):
    """A number as it was written."""


def is_scalar(value):
    return isinstance(value, dict) and set(value) == {"type", "value"} and isinstance(value["type"], str)


def scalars(value):
    if is_scalar(value):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from scalars(part)


def compare(wanted, made, place):
    if is_scalar(wanted):
        return None if same(wanted["type"], wanted["value"], made) else f"{place}: {made!r}, not {wanted}"
    if type(wanted) is not type(made):
        return f"{place}: {made!r}, not {wanted!r}"
    if isinstance(wanted, dict):
        if set(wanted) != set(made):
            return f"{place}: keys {sorted(made)}, not {sorted(wanted)}"
        parts = ((wanted[key], made[key], f"{place}.{key}") for key in wanted)
    else:
        if len(wanted) != len(made):
            return f"{place}: {len(made)} elements, not {len(wanted)}"
        parts = ((one, other, f"{place}[]") for one, other in zip(wanted, made))
    return next(filter(None, (compare(*part) for part in parts)), None)


def same(kind, wanted, made):
    if kind == "bool":
        return made is (wanted == "true")
    if kind == "string":
        return type(made) is str and made == wanted
    if kind == "integer":
        return isinstance(made, Spelling) and made == str(int(wanted))
    if kind == "float":
        # A converter that has a spelling of its own for what JSON cannot say is not at fault.
        return float(made) == float(wanted) or wanted.endswith("nan") and str(float(made)) == "nan"
    return type(made) is str and moment(made, kind) == moment(wanted, kind)


MOMENTS = {
    "datetime": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "datetime-local": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?()",
    "date-local": r"(\d{4}-\d\d-\d\d)()()",
    "time-local": r"(\d\d:\d\d:\d\d)(\.\d+)?()",
}


def moment(text, kind):
    """The parts of an ISO text, or None when it is not of this kind."""
    match = re.fullmatch(MOMENTS[kind], text)
    return match and (match[1], (match[2] or "").rstrip("0").rstrip("."), match[3].replace("+00:00", "Z"))


def again(convert, result):
    """What is wrong with the way from JSON back to TOML, or None."""
    if result.output is None:
        return None
    values = json.loads(result.output)
    written = convert(result.output, "json", "toml")
    if written.output is None:
        return "back: " + written.message.strip()
    try:
        read = tomllib.loads(written.text)
    except tomllib.TOMLDecodeError as error:
        return f"back: {error} in {written.output[:80]!r}"
    return None if plain(read) == plain(values) else f"back: {read!r}, not {values!r}"


def plain(value):
    """A tree in which moments are their texts and not-a-number equals itself."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    return "not a number" if value != value else value
