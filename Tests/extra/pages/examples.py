"""The programs of the API page, fetched from a running server and run as they are.

usage: examples.py WONDER; needs curl and jq, node 18, php with curl, python3.
"""
import os, subprocess, sys, tempfile, urllib.request

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from appliance import Appliance

programs = [("convert.sh", ["sh"]), ("convert.js", ["node"]), ("convert.php", ["php"]), ("convert.py", ["python3"])]
appliance = Appliance(os.path.realpath(sys.argv[1]))
failed = 0
try:
    key = appliance.key()
    for name, words in programs:
        with tempfile.TemporaryDirectory() as folder:
            with urllib.request.urlopen(f"{appliance.address}/web/examples/{name}") as answer:
                program = answer.read()
            path = os.path.join(folder, name.replace(".js", ".mjs"))
            for place, content in ((path, program), (os.path.join(folder, "photo.png"), appliance.photo())):
                with open(place, "wb") as file:
                    file.write(content)
            run = subprocess.run(words + [path], cwd=folder, capture_output=True, text=True, timeout=120,
                                 env={**os.environ, "WONDER_URL": appliance.address, "WONDER_KEY": key})
            made = os.path.join(folder, "photo.jpg")
            holds = run.returncode == 0 and os.path.exists(made) and open(made, "rb").read(3) == b"\xff\xd8\xff"
            failed += not holds
            print("ok  " if holds else "FAIL", name, "" if holds else run.stdout + run.stderr)
            refused = subprocess.run(words + [path], cwd=folder, capture_output=True, text=True, timeout=120,
                                     env={**os.environ, "WONDER_URL": appliance.address, "WONDER_KEY": "wc_wrong"})
            failed += refused.returncode == 0
            print("FAIL" if refused.returncode == 0 else "ok  ", name, "ends with an error when the key is wrong")
finally:
    appliance.close()
sys.exit(failed > 0)
