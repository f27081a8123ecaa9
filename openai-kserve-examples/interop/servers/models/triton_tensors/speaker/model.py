"""A decoupled Triton Python model that speaks, piece by piece."""

import tensors
from triton_model import ThreadedModel, bytes_tensor, scalar


class TritonPythonModel(ThreadedModel):
    def generate(self, request, cancelled):
        for piece in tensors.speech(scalar(request, "text", ""), scalar(request, "voice", "nobody")):
            yield [bytes_tensor("audio", piece)]
