"""MLServer with a runtime of ours."""

from __future__ import annotations

import json
from typing import Any

from harness.chat import Subject
from harness.processes import Process, wait_until
from harness.server import Server, python_of
from harness.tensors import TENSORS
from harness.web import Web


class MlServer(Server):
    """An MLServer of one process, with one model whose tensors are declared."""

    name = "mlserver"

    def __init__(self) -> None:
        super().__init__()
        self.models = self.work / "models"
        self.http = Web(self.other_port)

    def install(self) -> str:
        self.venv = python_of("mlserver")
        return self.venv.versions("mlserver")

    def settings(self) -> dict[str, Any]:
        """Returns the model's settings."""
        return {
            "name": self.model,
            "implementation": "mlserver_runtime.Own",
            "inputs": [
                {"name": "prompt", "datatype": "BYTES", "shape": [-1]},
                {"name": "max_tokens", "datatype": "INT32", "shape": [-1]},
            ],
            "outputs": [
                {"name": "output", "datatype": "BYTES", "shape": [-1]},
                {"name": "finish_reason", "datatype": "BYTES", "shape": [-1]},
            ],
        }

    def launch(self) -> Process:
        self.place()
        (self.models / "settings.json").write_text(json.dumps({
            "host": "127.0.0.1", "grpc_port": self.port, "http_port": self.other_port,
            "metrics_port": self.third_port, "parallel_workers": 0,
        }))
        command = [str(self.venv.home / "bin" / "mlserver"), "start", str(self.models)]
        return Process(command, self.logs / "mlserver.log", self.environment())

    def place(self) -> None:
        """Puts the model into its folder."""
        folder = self.models / self.model
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model-settings.json").write_text(json.dumps(self.settings()))

    def ready(self) -> bool:
        try:
            return self.http.get(f"/v2/models/{self.model}/ready").status == 200
        except OSError:
            return False

    def subject(self) -> Subject:
        subject = super().subject()
        subject.unload = lambda: self._control("unload")
        subject.load = lambda: self._control("load")
        return subject

    def _control(self, verb: str) -> None:
        answer = self.http.post(f"/v2/repository/models/{self.model}/{verb}", {})
        if answer.status != 200:
            raise RuntimeError(f"MLServer's {verb} failed: {answer.body}")
        wait_until(lambda: self.ready() == (verb == "load"), 30, verb)


class MlServerTensors(MlServer):
    """An MLServer with models that generate no text."""

    name = "mlserver-tensors"
    model = "vectors"
    conversations = TENSORS
    declared = {
        "vectors": ("Vectors", {"text": "BYTES", "image": "BYTES"}, {"embedding": "FP32"}),
        "scores": ("Scores", {"query": "BYTES", "documents": "BYTES"}, {"scores": "FP32"}),
        "classes": ("Classes", {"text": "BYTES"}, {"probabilities": "FP32", "labels": "BYTES"}),
        "listener": ("Listener", dict.fromkeys(("audio", "language", "task"), "BYTES"),
                     dict.fromkeys(("text", "language", "segments", "words"), "BYTES")),
        "speaker": ("Speaker", dict.fromkeys(("text", "voice"), "BYTES"), {"audio": "BYTES"}),
    }

    def place(self) -> None:
        for name, (runtime, inputs, outputs) in self.declared.items():
            folder = self.models / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "model-settings.json").write_text(json.dumps({
                "name": name, "implementation": f"mlserver_tensors.{runtime}",
                "inputs": [{"name": n, "datatype": t, "shape": [-1]} for n, t in inputs.items()],
                "outputs": [{"name": n, "datatype": t, "shape": [-1]} for n, t in outputs.items()],
            }))

    def ready(self) -> bool:
        try:
            return all(self.http.get(f"/v2/models/{name}/ready").status == 200 for name in self.declared)
        except OSError:
            return False

    def config(self) -> dict[str, Any]:
        return self.tensors(self.declared)
