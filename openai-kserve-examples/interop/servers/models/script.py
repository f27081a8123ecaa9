"""What every model of these servers says. Runs inside the servers: standard library only, any Python 3.8+.

A prompt chooses by its words; a line in the file $INTEROP_NOTES says what became of each answer.
"""

import json
import os
import time

ANSWER = ["The ", "capital ", "of ", "Fra", "nce ", "is ", "Par", "is. ", "Grüße ", "🙂"]
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'
CITY = {"name": "Paris", "population": 2100000}
CONTEXT = 2000  # words


class TooLong(ValueError):
    """A prompt beyond the context, with the words of the server that it stands for."""


def note(what):
    """Appends a line to the notes."""
    path = os.environ.get("INTEROP_NOTES")
    if path:
        with open(path, "a") as file:
            file.write(what + "\n")


def words(prompt):
    """Returns the number of words, which stand for tokens."""
    return len(prompt.split())


def pieces(prompt, wants_json=False):
    """Returns (piece, seconds to wait before it) pairs."""
    last = prompt.rsplit("user", 1)[-1]
    if words(prompt) > CONTEXT:
        raise TooLong(
            "The decoder prompt (length %d) is longer than the maximum model length of %d. Make sure that "
            "`max_model_len` is no smaller than the number of text tokens." % (words(prompt), CONTEXT)
        )
    if wants_json or "JSON schema" in prompt:
        return [(p, 0) for p in chunks(json.dumps(CITY), 6)]
    if "22 degrees" in last or "tool_response" in last or "22 degrees" in prompt:
        return [(p, 0) for p in ("It ", "is ", "22 ", "degrees ", "in ", "Paris.")]
    if "get_weather" in prompt and "weather" in last:
        return [(p, 0) for p in chunks(CALL, 7)]
    if "count slowly" in last:
        return [("%d " % i, 0.05) for i in range(1, 401)]
    if "count" in last:
        return [("%d " % i, 0) for i in range(1, 31)]
    if "break" in last:
        return [("One ", 0), ("two ", 0), (None, 0)]
    return [(p, 0) for p in ANSWER]


def chunks(text, size):
    """Returns the text in pieces of that many characters."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def answer(prompt, max_tokens=None, wants_json=False, cancelled=lambda: False, wait=time.sleep):
    """Yields (piece, finish reason or None), and notes the end: `whole` or `cancelled after N`."""
    said = pieces(prompt, wants_json)
    done = 0
    try:
        for i, (piece, seconds) in enumerate(said):
            wait(seconds)
            if cancelled():
                return
            if piece is None:
                done = len(said)
                raise RuntimeError("the engine broke")
            done = i + 1
            full = max_tokens is not None and 0 <= max_tokens <= done
            at_end = done == len(said)
            if full or at_end:
                done = len(said)
            yield piece, ("stop" if at_end else "length" if full else None)
            if full:
                return
    finally:
        note("whole" if done == len(said) else "cancelled after %d" % done)
