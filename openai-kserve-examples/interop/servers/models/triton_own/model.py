"""A Triton Python model with tensors of its own, whose names the product knows."""

import script
from triton_model import ThreadedModel, scalar, text_tensor


class TritonPythonModel(ThreadedModel):
    """Says what the script says, piece by piece."""

    def generate(self, request, cancelled):
        prompt, limit = scalar(request, "prompt", ""), int(scalar(request, "max_tokens", -1))
        for piece, reason in script.answer(prompt, limit, cancelled=cancelled):
            yield [text_tensor("text", piece), text_tensor("finish_reason", reason or "")]
