"""A TorchServe handler that says what the script says."""

import base64
import json

import script


class Handler:
    """Takes the tensors `prompt` and `max_tokens`, gives the tensor `text`."""

    def __init__(self):
        self.initialized = False

    def initialize(self, context):
        self.initialized = True

    def handle(self, data, context):
        return [self.answer(row) for row in data]

    def answer(self, row):
        request = row.get("body", row)
        request = json.loads(request) if isinstance(request, (bytes, str, bytearray)) else request
        given = {i["name"]: i for i in request["inputs"]}
        prompt = base64.b64decode(text(given["prompt"]["data"])).decode("utf-8")
        limit = None
        if "max_tokens" in given:
            limit = int(given["max_tokens"]["data"][0])
        said = "".join(piece for piece, _ in script.answer(prompt, limit))
        output = {"name": "text", "datatype": "BYTES", "shape": [1], "data": [said]}
        return {"model_name": "own", "model_version": "1.0", "id": "1", "outputs": [output]}


def text(data):
    """Returns the first element of a tensor's data."""
    return data[0] if isinstance(data, list) else data
