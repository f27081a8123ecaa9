"""A Triton Python model that embeds texts and images."""

import tensors
from triton_model import WholeModel, numbers_tensor, texts


class TritonPythonModel(WholeModel):
    def answer(self, request):
        given = texts(request, "text") or texts(request, "image")
        return [numbers_tensor("embedding", [tensors.vector(text) for text in given])]
