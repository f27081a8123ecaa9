"""Triton Inference Server, as nvidia-pytriton ships it, with Python models in three sets of tensors."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from harness.cache import Environment, NotRun
from harness.chat import Subject
from harness.processes import Process, wait_until
from harness.server import MODELS, Server, python_of
from harness.tensors import TENSORS as TENSOR_CONVERSATIONS
from harness.web import Web

TENSORS = {
    "triton-vllm": "triton_vllm",
    "triton-llm-api": "triton_llm_api",
    "triton-own": "triton_own",
}


class Triton(Server):
    """A tritonserver in explicit mode, with one model."""

    def __init__(self, name: str, files: str) -> None:
        self.name = name
        self.files = MODELS / files
        super().__init__()
        self.repository = self.work / "repository"
        self.http = Web(self.other_port)

    def install(self) -> str:
        self.venv: Environment = python_of("triton")
        home = self.venv.packages / "pytriton" / "tritonserver"
        stub = f"{sys.version_info.major}.{sys.version_info.minor}/triton_python_backend_stub"
        link = home / "backends" / "python" / "triton_python_backend_stub"
        if not (home / "python_backend_stubs" / stub).exists():
            raise NotRun(f"no Triton backend for Python {stub.split('/')[0]}")
        link.unlink(missing_ok=True)
        link.symlink_to(home / "python_backend_stubs" / stub)
        return "tritonserver 2.51.0 of " + self.venv.versions("nvidia-pytriton")

    def launch(self) -> Process:
        self.place()
        home = self.venv.packages / "pytriton" / "tritonserver"
        command = [
            str(home / "bin" / "tritonserver"),
            f"--grpc-port={self.port}", f"--http-port={self.other_port}", "--allow-metrics=false",
            f"--backend-directory={self.backends(home / 'backends')}", f"--cache-directory={home / 'caches'}",
            f"--model-repository={self.repository}", "--model-control-mode=explicit",
            *(f"--load-model={model}" for model in self.models()), "--grpc-address=127.0.0.1", "--http-address=127.0.0.1",
        ]
        return Process(command, self.logs / "triton.log", self.environment())

    def models(self) -> list[str]:
        """Returns the models that are loaded at the start."""
        return [self.model]

    def backends(self, shipped: Path) -> Path:
        """Returns the folder of backends; Triton's own is given."""
        return shipped

    def environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": str(self.venv.packages),
            "INTEROP_NOTES": str(self.notes),
            "LD_LIBRARY_PATH": str(sysconfig.get_config_var("LIBDIR")),
            "VIRTUAL_ENV": str(self.venv.home),
            "PATH": f"{self.venv.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    def ready(self) -> bool:
        try:
            return self.http.get(f"/v2/models/{self.model}/ready").status == 200
        except OSError:
            return False

    def subject(self) -> Subject:
        subject = super().subject()
        subject.unload, subject.load = self.unload, self.load
        if self.name == "triton-vllm":
            subject.upgrade, subject.every_edge = self.other_release, True
        return subject

    def unload(self) -> None:
        """Unloads the model and waits until it is gone."""
        self._control("unload")
        wait_until(lambda: not self.ready(), 30, "the unload")

    def load(self) -> None:
        """Loads the model as it was at the start, in place of what is loaded."""
        self.place()
        self._control("load")

    def other_release(self) -> None:
        """Loads the model with the tensors of release 24.04 in place of the newer ones."""
        self.place("config-24.04.pbtxt")
        self._control("load")

    def _control(self, verb: str) -> None:
        answer = self.http.post(f"/v2/repository/models/{self.model}/{verb}", {})
        if answer.status != 200:
            raise NotRun(f"Triton's {verb} failed: {answer.body}")

    def place(self, config: str = "config.pbtxt") -> None:
        """Puts the model into the repository, in place of what is there."""
        folder = self.repository / self.model
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "1").mkdir(parents=True)
        for file in (self.files / "model.py", *MODELS.glob("*.py")):
            shutil.copy(file, folder / "1")
        shutil.copy(self.files / config, folder / "config.pbtxt")


class TritonTensors(Triton):
    """A tritonserver with models that generate no text."""

    model = "vectors"
    conversations = TENSOR_CONVERSATIONS

    def __init__(self) -> None:
        super().__init__("triton-tensors", "triton_tensors")

    def models(self) -> list[str]:
        return sorted(folder.name for folder in self.files.iterdir() if folder.is_dir())

    def place(self, config: str = "config.pbtxt") -> None:
        for model in self.models():
            folder = self.repository / model
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "1").mkdir(parents=True)
            for file in (self.files / model / "model.py", *MODELS.glob("*.py")):
                shutil.copy(file, folder / "1")
            shutil.copy(self.files / model / config, folder / "config.pbtxt")

    def ready(self) -> bool:
        try:
            return all(self.http.get(f"/v2/models/{model}/ready").status == 200 for model in self.models())
        except OSError:
            return False

    def config(self) -> dict[str, Any]:
        return self.tensors(self.models())
