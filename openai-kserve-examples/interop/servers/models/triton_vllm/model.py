"""A Triton Python model with the tensors of Triton's vLLM backend."""

import json

import sampling
import script
from triton_model import ThreadedModel, number_tensor, scalar, text_tensor


class TritonPythonModel(ThreadedModel):
    """Takes what vLLM takes, and says what the script says."""

    error_prefix = "Error generating stream: "

    def generate(self, request, cancelled):
        wanted = scalar(request, "embedding_request", "")
        if wanted:
            yield embedded(json.loads(wanted))
            return
        prompt = scalar(request, "text_input", "")
        stream = bool(scalar(request, "stream", False))
        given = sampling.read(scalar(request, "sampling_parameters", "{}"))
        if scalar(request, "return_logprobs", False) and "nothing else." in prompt:
            yield letter(given)
            return
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


def embedded(wanted):
    """Returns a vector of four numbers; vLLM cuts those of few models."""
    if (wanted.get("pooling_params") or {}).get("dimensions", 4) != 4:
        raise ValueError(
            'Model "own" does not support matryoshka representation, changing output dimensions will lead to '
            "poor results."
        )
    size = len(wanted["input"])
    return [text_tensor("text_output", json.dumps([size, 1.0, 0.5, 0.25])), number_tensor("num_input_tokens", size)]


def letter(given):
    """Returns the first token of the answer to a question with options: B, or less likely A."""
    tokens = {"66": (-0.25, 1, "B"), "65": (-1.75, 2, "A"), "67": (-4.0, 3, "C")}
    likeliest = {
        token: {"logprob": logprob, "rank": rank, "decoded_token": text}
        for token, (logprob, rank, text) in list(tokens.items())[: max(1, given.get("logprobs") or 1)]
    }
    return [
        text_tensor("text_output", "B"), text_tensor("finish_reason", "length"),
        text_tensor("logprobs", json.dumps([likeliest])), number_tensor("num_input_tokens", 9),
        number_tensor("num_output_tokens", 1),
    ]


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
