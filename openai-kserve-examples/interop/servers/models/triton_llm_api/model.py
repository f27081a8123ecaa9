"""A Triton Python model with the tensors of TensorRT-LLM's LLM API.

As in the original, stop sequences reach the tokenizer as bytes, which it refuses, and the text of each
response is all of the text so far.
"""

import script
import triton_python_backend_utils as pb_utils
from triton_model import ThreadedModel, scalar, text_tensor


class TritonPythonModel(ThreadedModel):
    """Takes what the LLM API takes, and says what the script says."""

    error_prefix = "Error generating request: "

    def generate(self, request, cancelled):
        if pb_utils.get_input_tensor_by_name(request, "sampling_param_stop") is not None:
            raise ValueError("text input must be of type `str` (single example), `list[str]` (batch)")
        prompt = scalar(request, "text_input", "")
        limit = int(scalar(request, "sampling_param_max_tokens", 32))
        text = "" if scalar(request, "sampling_param_exclude_input_from_output", False) else prompt
        stream, reason = bool(scalar(request, "streaming", False)), None
        try:
            said = script.answer(prompt, limit, cancelled=cancelled)
            for piece, reason in said:
                text += piece
                if stream:
                    yield tensors(request, text, reason)
        except script.TooLong:
            raise ValueError(
                "The sum of prompt length (%d.0), query length (0) should not exceed max_num_tokens (%d)"
                % (script.words(prompt), script.CONTEXT)
            )
        if not stream and not cancelled():
            yield tensors(request, text, reason)


def tensors(request, text, reason):
    """Returns the outputs that the request asks for."""
    found = [text_tensor("text_output", text)]
    if scalar(request, "return_finish_reason", False):
        found.append(text_tensor("finish_reason", str(reason)))
    return found
