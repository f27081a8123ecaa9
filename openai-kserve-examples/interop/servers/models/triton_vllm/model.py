"""A Triton Python model with the tensors of Triton's vLLM backend."""

import json

import sampling
import script
from triton_model import ThreadedModel, number_tensor, scalar, text_tensor


class TritonPythonModel(ThreadedModel):
    """Takes what vLLM takes, and says what the script says."""

    error_prefix = "Error generating stream: "

    def generate(self, request, cancelled):
        prompt = scalar(request, "text_input", "")
        stream = bool(scalar(request, "stream", False))
        given = sampling.read(scalar(request, "sampling_parameters", "{}"))
        said = script.answer(prompt, given.get("max_tokens", 16), schema(given), cancelled)
        text, reason, count = "", None, 0
        if not scalar(request, "exclude_input_in_output", stream):
            text = prompt
        for piece, reason in said:
            text, count = text + piece, count + 1
            if stream:
                yield tensors(request, text, reason, prompt, count)
                text, count = "", 0
        if not stream and not cancelled():
            yield tensors(request, text, reason, prompt, count)


def schema(given):
    """Returns the JSON schema of the answer, or None."""
    shape = given.get("structured_outputs") or {}
    found = shape.get("json")
    found = json.loads(found) if isinstance(found, str) else found
    return found or ({"type": "object"} if "json" in shape or shape.get("json_object") else None)


def tensors(request, text, reason, prompt, count):
    """Returns the outputs that the request asks for."""
    found = [text_tensor("text_output", text)]
    if scalar(request, "return_finish_reason", False):
        found.append(text_tensor("finish_reason", str(reason)))
    if scalar(request, "return_num_input_tokens", False):
        found.append(number_tensor("num_input_tokens", script.words(prompt)))
    if scalar(request, "return_num_output_tokens", False):
        found.append(number_tensor("num_output_tokens", count))
    return found
