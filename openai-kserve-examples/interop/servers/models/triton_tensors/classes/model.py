"""A Triton Python model that classifies texts."""

import tensors
from triton_model import WholeModel, numbers_tensor, texts, texts_tensor


class TritonPythonModel(WholeModel):
    def answer(self, request):
        found = [tensors.classes(text) for text in texts(request, "text")]
        return [numbers_tensor("probabilities", found), texts_tensor("labels", tensors.LABELS)]
