"""A Triton Python model that scores documents against a query."""

import tensors
from triton_model import WholeModel, numbers_tensor, texts


class TritonPythonModel(WholeModel):
    def answer(self, request):
        (query,) = texts(request, "query")
        return [numbers_tensor("scores", [tensors.score(query, text) for text in texts(request, "documents")])]
