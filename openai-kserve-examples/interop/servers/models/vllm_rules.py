"""Prints which values vLLM's SamplingParams refuses, and which the rules of sampling.py refuse.

    vllm_rules.py VALUES

VALUES is a file with a JSON value a line. A line of the output is `vllm`, or `ours`, a field, a value.
"""

import json
import logging
import sys

import sampling
import vllm
from utils.vllm_backend_utils import TritonSamplingParams


class Logger:
    """Stands for Triton's logger: the backend logs why it refuses a value."""

    @staticmethod
    def log_error(words):
        pass


def accepted(read, text):
    """Returns whether the parameters can be read."""
    try:
        return read(text) is not None
    except Exception:
        return False


def real(text):
    """Reads parameters as the backend and the engine do."""
    found = TritonSamplingParams.from_dict(text, Logger)
    if found is not None:
        vllm.check(found)
    return found


def main():
    logging.disable()
    with open(sys.argv[1]) as file:
        values = file.read().splitlines()
    for field in sorted(sampling.KNOWN):
        for value in values:
            # Structured outputs are JSON text within the JSON.
            given = value if field == "structured_outputs" else json.loads(value)
            text = json.dumps({field: given})
            for name, read in (("vllm", real), ("ours", sampling.read)):
                if not accepted(read, text):
                    print(name, field, value)


if __name__ == "__main__":
    main()
