"""What the Python clients of this folder share. Runs inside their virtual environments.

Each client is run with the base URL and prints one line of JSON for each case.
"""

import json
import sys
import traceback

URL = sys.argv[1]
KEY = "none"
MODEL = "own"
TEXT = "The capital of France is Paris. Grüße 🙂"
QUESTION = "What is the capital of France?"
WEATHER = "What is the weather in Paris?"
LOOP = "First the weather in Paris, then its population."
LONG = "long " * 2500
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def expect(found, expected):
    """Fails unless both are equal."""
    if found != expected:
        raise AssertionError("expected %r, found %r" % (expected, found))


def raises(kind, action):
    """Returns the error that an action must raise."""
    try:
        action()
    except kind as e:
        return e
    raise AssertionError("no %s" % kind.__name__)


def run(*cases):
    """Runs the cases and prints their results."""
    for case in cases:
        state, reason = "ok", ""
        try:
            case()
        except Exception as e:
            traceback.print_exc()
            state, reason = "FAILED", "%s: %s" % (type(e).__name__, str(e)[:300])
        print(json.dumps({"case": case.__name__, "state": state, "reason": reason}), flush=True)
