"""MLServer with its Hugging Face runtime and a tiny random GPT-2 on TensorFlow."""

from __future__ import annotations

import os
from typing import Any

from harness.cache import install
from harness.chat import Subject
from harness.server import MODELS, python_of

from .mlserver import MlServer


class HuggingFace(MlServer):
    """The runtime as it is; PyTorch and Optimum, which it imports and does not use here, are stubs."""

    name = "mlserver-huggingface"

    def install(self) -> str:
        self.venv = python_of(self.name)
        self.files = self.work / "gpt2"
        if not (self.files / "config.json").exists():
            command = [str(self.venv.python), str(MODELS / "huggingface_model.py"), str(self.files)]
            install(command, self.work, self.logs / "install.log", {"TF_USE_LEGACY_KERAS": "1"})
        return self.venv.versions("mlserver-huggingface", "transformers", "tensorflow-cpu")

    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(MODELS), str(MODELS / "huggingface_stub")])
        offline = {"TF_USE_LEGACY_KERAS": "1", "HF_HUB_OFFLINE": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
        return {**super().environment(), "PYTHONPATH": path, **offline}

    def settings(self) -> dict[str, Any]:
        extra = {"task": "text-generation", "pretrained_model": str(self.files), "framework": "tf"}
        return {
            "name": self.model,
            "implementation": "mlserver_huggingface.HuggingFaceRuntime",
            "parameters": {"extra": extra},
        }

    def subject(self) -> Subject:
        subject = super().subject()
        subject.scripted = subject.pieces = subject.cancels = False
        subject.first_answer = 10  # TensorFlow builds its graph
        return subject
