"""10,000 random amounts through direct rates, inverse ones and a hub, compared to the last digit with Python's decimal
numbers, over the real program; and what the European Central Bank's layouts become.

usage: currency.py WONDER [AMOUNTS]
"""
import decimal
import fractions
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading

wonder = os.path.abspath(sys.argv[1])
amounts = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
failed = 0
context = decimal.Context(prec=400, rounding=decimal.ROUND_HALF_UP)

HISTORY = ("Date,USD,JPY,GBP,CYP,\r\n"
           "2026-11-27,1.0876,163.45,0.83215,N/A,\r\n"
           "2026-11-26,1.0911,163.99,0.8333,N/A,\r\n"
           "1999-01-04,1.1789,133.73,0.7111,0.58231,\r\n")
OTHERS = "base,quote,rate,date,source\nUSD,MXN,18.2541,2026-11-27,Banxico\nGBP,KES,170.0033,2026-11-27,CBK\n"


def check(what, holds, detail=""):
    global failed
    print(("  ok  " if holds else "FAIL  ") + what + ("" if holds else f": {detail}"))
    failed += not holds


def exact(amount, path, digits):
    """The product with each rate or divided by it, rounded once, by Python's fractions and decimal."""
    value = fractions.Fraction(amount)
    for leg in path:
        rate = fractions.Fraction(leg["rate"])
        value = value * rate if leg["operation"] == "multiply" else value / rate
    # 300 digits more than are asked for: a fraction of these rates is never so near to a half without being one.
    quotient = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator))
    return f"{quotient.quantize(decimal.Decimal(1).scaleb(-digits), context=context):f}"


def random_amount(chance):
    digits = chance.randint(1, 25)
    text = str(chance.randrange(10 ** digits))
    if chance.random() < 0.8:
        text += "." + "".join(chance.choices("0123456789", k=chance.randint(1, 12)))
    return text


with tempfile.TemporaryDirectory(prefix="wonder-currency-") as folder:
    data = os.path.join(folder, "data")
    server = subprocess.Popen(
        [wonder, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True)
    host = re.search(r"http://(\S+?)/?\s*$", server.stdout.readline()).group(1)
    try:
        key = subprocess.check_output([wonder, "quickstart", "--key-only", "--data", data], text=True).strip()
        subprocess.check_call([wonder, "admin", "plan", "set", "pro", "writes_per_minute=none", "submissions_per_day=none", "--data", data],
                       stdout=subprocess.DEVNULL)
        for name, text in [("hist.csv", HISTORY), ("others.csv", OTHERS)]:
            with open(os.path.join(folder, name), "w", newline="") as file:
                file.write(text)
            subprocess.check_call(
                [wonder, "admin", "rates", "import", os.path.join(folder, name), "--data", data],
                stdout=subprocess.DEVNULL)
        listed = json.loads(subprocess.check_output([wonder, "admin", "rates", "list", "--json", "--data", data]))
        days = {rate["quote"]: rate["day"] for rate in listed}
        check("missing days and N/A are left out", days["CYP"] == "1999-01-04" and days["USD"] == "2026-11-27", days)

        kinds = [("EUR", "USD", ["multiply"]), ("JPY", "EUR", ["divide"]), ("USD", "JPY", ["divide", "multiply"]),
                 ("GBP", "USD", ["divide", "multiply"]), ("EUR", "MXN", ["multiply", "multiply"]),
                 ("KES", "EUR", ["divide", "divide"])]
        wrong, limited, counts = [], [], dict.fromkeys(map(str, kinds), 0)
        lock = threading.Lock()

        def ask(seed, count):
            chance = random.Random(seed)
            connection = http.client.HTTPConnection(host)
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            for _ in range(count):
                kind = chance.choice(kinds)
                amount, digits = random_amount(chance), chance.randint(0, 12)
                body = json.dumps({"amount": amount, "from": kind[0], "to": kind[1], "precision": digits})
                connection.request("POST", "/api/currency/convert", body, headers)
                answer = connection.getresponse()
                document = json.loads(answer.read())
                with lock:
                    if answer.status == 429:
                        limited.append(document)
                        return
                    operations = [leg["operation"] for leg in document.get("ratePath", [])]
                    counts[str(kind)] += 1
                    if answer.status != 200 or operations != kind[2] or \
                            document["convertedAmount"] != exact(amount, document["ratePath"], digits):
                        wrong.append((amount, kind, digits, document))

        threads = [threading.Thread(target=ask, args=(seed, amounts // 4)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(f"{sum(counts.values())} amounts equal Python's to the last digit", not wrong, wrong[:3])
        check("no limit stood in the way", not limited and sum(counts.values()) == amounts // 4 * 4, limited[:1])
        check("each kind of way was gone", min(counts.values()) > amounts // 12, counts)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
sys.exit(failed > 0)
