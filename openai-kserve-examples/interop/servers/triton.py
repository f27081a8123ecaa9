"""Triton Inference Server, as nvidia-pytriton ships it, with Python models in three sets of tensors."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig

from harness.cache import Environment, NotRun
from harness.chat import Subject
from harness.processes import Process, wait_until
from harness.server import MODELS, Server, python_of
from harness.web import Web

TENSORS = {
    "triton-vllm": "triton_vllm",
    "triton-llm-api": "triton_llm_api",
    "triton-own": "triton_own",
}


class Triton(Server):
    """A tritonserver in explicit mode, with one model."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files = MODELS / TENSORS[name]
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
        self._model("config.pbtxt")
        home = self.venv.packages / "pytriton" / "tritonserver"
        command = [
            str(home / "bin" / "tritonserver"),
            f"--grpc-port={self.port}", f"--http-port={self.other_port}", "--allow-metrics=false",
            f"--backend-directory={home / 'backends'}", f"--cache-directory={home / 'caches'}",
            f"--model-repository={self.repository}", "--model-control-mode=explicit",
            f"--load-model={self.model}", "--grpc-address=127.0.0.1", "--http-address=127.0.0.1",
        ]
        return Process(command, self.logs / "triton.log", self.environment())

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
            subject.upgrade = self.other_release
            subject.edges = EDGES
        return subject

    def unload(self) -> None:
        """Unloads the model and waits until it is gone."""
        self._control("unload")
        wait_until(lambda: not self.ready(), 30, "the unload")

    def load(self) -> None:
        """Loads the model as it was at the start, in place of what is loaded."""
        self._model("config.pbtxt")
        self._control("load")

    def other_release(self) -> None:
        """Loads the model with the tensors of release 24.04 in place of the newer ones."""
        self._model("config-24.04.pbtxt")
        self._control("load")

    def _control(self, verb: str) -> None:
        answer = self.http.post(f"/v2/repository/models/{self.model}/{verb}", {})
        if answer.status != 200:
            raise NotRun(f"Triton's {verb} failed: {answer.body}")

    def _model(self, config: str) -> None:
        folder = self.repository / self.model
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "1").mkdir(parents=True)
        for file in (self.files / "model.py", *MODELS.glob("*.py")):
            shutil.copy(file, folder / "1")
        shutil.copy(self.files / config, folder / "config.pbtxt")


EDGES = [
    {"stop_token_ids": [2]}, {"top_p": 0}, {"top_p": 1}, {"top_k": 0}, {"top_k": -1}, {"top_k": -5},
    {"min_p": 0}, {"min_p": 2}, {"min_tokens": -1}, {"min_tokens": 65}, {"repetition_penalty": 0},
    {"repetition_penalty": -1}, {"temperature": 0}, {"temperature": 2}, {"seed": -1}, {"seed": 2**63 - 1},
    {"presence_penalty": 2}, {"presence_penalty": -2}, {"frequency_penalty": 2}, {"logit_bias": {"foo": 1}},
    {"stop": []}, {"stop": ""}, {"max_tokens": 0}, {"max_tokens": 1}, {"logprobs": 0}, {"logprobs": 5},
    {"ignore_eos": True}, {"skip_special_tokens": False}, {"bad_words": ["x"]},
    {"include_stop_str_in_output": True}, {"allowed_token_ids": [1]}, {"truncate_prompt_tokens": 5},
    {"spaces_between_special_tokens": False}, {"priority": 1}, {"guided_choice": ["a", "b"]},
    {"structured_outputs": {"choice": ["a", "b"]}}, {"vllm_xargs": {"a": 1}},
]
