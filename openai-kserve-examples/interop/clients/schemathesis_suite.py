"""Schemathesis: requests of every kind that the OpenAPI document allows, and some that it does not."""

import json
import os
import re
import subprocess
import sys

from cases import URL

# The model decides whether a valid request can be answered: a picture, a tool or a schema may be refused.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
SECONDS = "120"
# One worker: Python 3.11 fails where two threads parse at once ("AST constructor recursion depth mismatch").

command = [
    os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", URL.rsplit("/", 1)[0] + "/openapi.json",
    "--checks", ",".join(CHECKS), "--phases", "coverage,fuzzing", "--max-time", SECONDS, "--workers", "1", "--no-color",
]
done = subprocess.run(command, capture_output=True, text=True, timeout=280, cwd=sys.argv[2])
print(done.stdout, done.stderr[-2000:], file=sys.stderr)
tested = re.search(r"Tested: (\d+)", done.stdout)
cases = re.search(r"(\d+) generated", done.stdout)
found = re.findall(r"❌ (ST\d+ [^\n]+)", done.stdout)
good = done.returncode == 0 and tested and int(tested.group(1)) > 20
reason = "%s operations, %s requests; %s" % (
    tested.group(1) if tested else "no", cases.group(1) if cases else "no", "; ".join(found) or "no failure")
print(json.dumps({"case": "suite", "state": "ok" if good else "FAILED", "reason": reason}))
