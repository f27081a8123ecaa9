"""What every model of these servers says. Runs inside the servers: standard library only, any Python 3.8+.

A prompt, a chat in ChatML, chooses by its words; a line in the file $INTEROP_NOTES says what became of each
answer.
"""

import json
import os
import re
import time

ANSWER = ["The ", "capital ", "of ", "Fra", "nce ", "is ", "Par", "is. ", "Grüße ", "🙂"]
VALUES = {"string": "Paris", "integer": 2100000, "number": 2.5, "boolean": True, "null": None}
DIGITS, QUOTED = re.compile(r"\d+"), re.compile(r"(?<!\w)'([^']+)'")
CONTEXT = 2000  # words


class TooLong(ValueError):
    """A prompt beyond the context, in vLLM's words."""


def note(what):
    """Appends a line to the notes."""
    path = os.environ.get("INTEROP_NOTES")
    if path:
        with open(path, "a") as file:
            file.write(what + "\n")


def words(prompt):
    """Returns the number of words, which stand for tokens."""
    return len(prompt.split())


def pieces(prompt, schema=None):
    """Returns (piece, seconds to wait before it) pairs; a piece of None is a fault of the engine."""
    asked, opening = last_turn(prompt)
    if words(asked) > CONTEXT:  # an agent's instructions alone have more words
        raise TooLong(
            "The decoder prompt (length %d) is longer than the maximum model length of %d. Make sure that "
            "`max_model_len` is no smaller than the number of text tokens." % (words(prompt), CONTEXT)
        )
    schema = schema or schema_of(prompt)
    call = call_of(prompt, asked, opening)
    if call is not None:
        said = chunks(call, 7)
    elif "22 degrees" in prompt:
        said = ["It ", "is ", "22 ", "degrees ", "in ", "Paris."]
    elif schema is not None:
        said = chunks(json.dumps(fill(schema, schema)), 6)
    elif asked.startswith("count slowly"):
        return [("%d " % i, 0.05) for i in range(1, 401)]
    elif asked.startswith("count"):
        said = ["%d " % i for i in range(1, 31)]
    elif asked.startswith("break"):
        said = ["One ", "two ", None]
    else:
        said = ANSWER
    return [(piece, 0) for piece in said]


def last_turn(prompt):
    """Returns what the last user asked, and how the answer has to begin."""
    turn, _, opening = prompt.rpartition("<|im_start|>assistant\n")
    return (turn or prompt).rpartition("<|im_start|>user\n")[2] or prompt, opening if turn else ""


def call_of(prompt, asked, opening):
    """Returns a call of the first tool that the question speaks of, without its opening; or None.

    A question that says "then" is about several tools, one after the other.
    """
    listed = re.search(r"<tools>\n(\{.*\})\n</tools>", prompt, re.S)
    done = ""
    if "tool_response" in asked:
        asked, done = question_of(prompt)
    if not listed or done and " then " not in asked:
        return None
    for line in listed[1].splitlines():
        tool = json.loads(line)["function"]
        if '"%s"' % tool["name"] in done:
            continue
        given = fill(tool.get("parameters") or {}, tool.get("parameters") or {}, asked)
        call = json.dumps({"name": tool["name"], "arguments": given}, ensure_ascii=False)
        call = "<tool_call>\n%s\n</tool_call>" % call
        parts = [p for p in tool["name"].lower().split("_") if len(p) > 4]
        forced = opening.startswith("<tool_call>") and call.startswith(opening)
        if forced or not opening and any(p in asked.lower() for p in parts):
            return call[len(opening) :]
    return None


def question_of(prompt):
    """Returns what the user asked before the results of tools, and what follows it."""
    for turn in reversed(list(re.finditer(r"<\|im_start\|>user\n(.*?)<\|im_end\|>", prompt, re.S))):
        if "<tool_response>" not in turn[1]:
            return turn[1], prompt[turn.end() :]
    return "", prompt


def schema_of(prompt):
    """Returns the JSON schema of an instruction in the prompt, or None if there is none."""
    said = re.search(r"json[ _]schema", prompt, re.I)
    start = said and re.compile(r"\{\s*\"").search(prompt, said.end())
    if start:
        return json.JSONDecoder().raw_decode(prompt, start.start())[0]
    return {"type": "object"} if "one JSON object" in prompt else None


def fill(schema, root, asked=""):
    """Returns the simplest value of a schema; numbers and quoted texts of the question come first."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], root, asked)
    if schema.get("type") == "array":
        return [fill(schema.get("items") or {"type": "string"}, root, asked)]
    number, text = DIGITS.search(asked), QUOTED.search(asked)
    if schema.get("type") == "integer" and number:
        return int(number[0])
    if schema.get("type") == "string" and text:
        return text[1]
    if schema.get("type") in VALUES:
        return VALUES[schema["type"]]
    properties = schema.get("properties", {})
    return {name: fill(properties[name], root, asked) for name in schema.get("required", properties)}


def chunks(text, size):
    """Returns the text in pieces of that many characters."""
    return [text[i : i + size] for i in range(0, len(text), size)]


def answer(prompt, max_tokens=None, schema=None, cancelled=lambda: False, wait=time.sleep):
    """Yields (piece, finish reason or None), and notes the end: `whole` or `cancelled after N`."""
    said = pieces(prompt, schema)
    done = 0
    ended = False
    try:
        for done, (piece, seconds) in enumerate(said, 1):
            wait(seconds)
            if cancelled():
                return
            if piece is None:
                ended = True
                raise RuntimeError("the engine broke")
            full = max_tokens is not None and 0 <= max_tokens <= done
            ended = full or done == len(said)
            yield piece, ("stop" if done == len(said) else "length" if full else None)
            if full:
                return
    finally:
        note("whole" if ended else "cancelled after %d" % done)
