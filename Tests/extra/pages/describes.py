"""schemathesis against /openapi.json: no answer of 5xx, and none that the description does not allow.

usage: describes.py WONDER [EXAMPLES]; needs PyPI's schemathesis beside this Python.
"""
import os, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from appliance import Appliance

wonder, examples = os.path.realpath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "60"
checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"
appliance = Appliance(wonder)
try:
    key, _ = appliance.fill()
    appliance.admin("plan", "set", "pro", "reads_per_minute=none", "writes_per_minute=none")
    # What a storage is tried with here would be sent to wherever its made-up address leads.
    # A TRACE is answered with 501, as RFC 9110 section 15.6.2 has it for a method that no resource here knows.
    settings = os.path.join(appliance.folder.name, "schemathesis.toml")
    with open(settings, "w") as file:
        file.write('[phases.coverage]\nunexpected-methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"]\n')
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    code = subprocess.run([program, "--config-file", settings, "run", f"{appliance.address}/openapi.json", "-H", f"X-API-Key: {key}", "--checks", checks, "--max-examples", examples,
                           "--phases", "examples,coverage,fuzzing,stateful", "--seed", "1", "--request-timeout", "40", "--exclude-operation-id", "watchJob", "--exclude-operation-id", "testStorage", "--no-color"],
                          cwd=appliance.folder.name).returncode
    alive = appliance.process.poll() is None
finally:
    appliance.close()
sys.exit(code or not alive)
