"""TorchServe with a handler of ours; PyTorch is a stub, which the handler does not need."""

from __future__ import annotations

import os
from typing import Any

from harness.cache import install
from harness.chat import Subject
from harness.processes import Process
from harness.server import MODELS, Server, python_of
from harness.web import Web

SERVICE = "org.pytorch.serve.grpc.openinference.GRPCInferenceService"


class TorchServe(Server):
    """A TorchServe with Open Inference Protocol, which has whole answers only."""

    name = "torchserve"

    def install(self) -> str:
        self.venv = python_of("torchserve")
        store = self.work / "store"
        store.mkdir(exist_ok=True)
        command = [
            str(self.venv.home / "bin" / "torch-model-archiver"), "--force", "--model-name", self.model,
            "--version", "1.0", "--handler", str(MODELS / "torchserve_handler.py"),
            "--extra-files", str(MODELS / "script.py"), "--export-path", str(store),
        ]
        install(command, self.work, self.logs / "install.log", self.environment())
        return self.venv.versions("torchserve")

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "PYTHONPATH": f"{MODELS}{os.pathsep}{MODELS / 'torch_stub'}",
            "TS_OPEN_INFERENCE_PROTOCOL": "oip",
            "PATH": f"{self.venv.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "LOG_LOCATION": str(self.logs),
            "METRICS_LOCATION": str(self.logs),
            "TEMP": str(self.work),
        }

    def launch(self) -> Process:
        config = self.work / "config.properties"
        address = "http://127.0.0.1:"
        config.write_text("\n".join([
            f"inference_address={address}{self.other_port}",
            f"management_address={address}{self.third_port}",
            f"metrics_address={address}{self.fourth_port}",
            f"grpc_inference_port={self.port}", f"grpc_management_port={self.fifth_port}",
            "default_workers_per_model=1", "number_of_netty_threads=2",
        ]))
        command = [
            str(self.venv.home / "bin" / "torchserve"), "--start", "--foreground", "--ncs",
            "--model-store", str(self.work / "store"), "--models", f"{self.model}={self.model}.mar",
            "--ts-config", str(config), "--disable-token-auth",
        ]
        return Process(command, self.logs / "torchserve.log", self.environment(), self.work)

    def ready(self) -> bool:
        try:
            answer = Web(self.third_port).get(f"/models/{self.model}")
        except OSError:
            return False
        workers = answer.body[0]["workers"] if answer.status == 200 else []
        return bool(workers) and workers[0]["status"] == "READY"

    def config(self) -> dict[str, Any]:
        table = {
            "name": "own",
            "streams": "never",
            "inputs": [
                {"tensor": "prompt", "datatype": "BYTES", "field": "prompt"},
                {"tensor": "max_tokens", "datatype": "INT32", "field": "max_tokens"},
            ],
            "outputs": [{"tensor": "text", "field": "text"}],
        }
        return self.configured({"service": SERVICE}, dialect=table)

    def subject(self) -> Subject:
        subject = super().subject()
        subject.pieces = subject.cancels = subject.finish_reasons = subject.error_words = False
        subject.lists = None
        return subject
