"""A decoupled Triton Python model that transcribes, piece by piece."""

import tensors
from triton_model import ThreadedModel, scalar, text_tensor


class TritonPythonModel(ThreadedModel):
    def generate(self, request, cancelled):
        pieces = tensors.transcript(scalar(request, "task", "transcribe"))
        for piece in pieces[:-1]:
            yield [text_tensor("text", piece)]
        yield [
            text_tensor("text", pieces[-1]), text_tensor("language", scalar(request, "language", "en")),
            text_tensor("segments", tensors.times(["".join(pieces)], "text")),
            text_tensor("words", tensors.times(pieces, "word")),
        ]
