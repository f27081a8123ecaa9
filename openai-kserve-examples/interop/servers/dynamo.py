"""NVIDIA Dynamo's KServe frontend, with file discovery and a worker of ours."""

from __future__ import annotations

import shutil
from typing import Any

from harness.chat import Subject
from harness.processes import Process, listens
from harness.server import MODELS, Server, python_of


class Dynamo(Server):
    """A frontend and a worker, in one process group, so that an outage ends both."""

    name = "dynamo"

    def install(self) -> str:
        self.venv = python_of("dynamo")
        return self.venv.versions("ai-dynamo")

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "DYN_FILE_KV": str(self.work / "discovery"),
            "DYN_DISCOVERY_BACKEND": "file",
            "DYN_REQUEST_PLANE": "tcp",
            "HOME": str(self.work),
            "DYN_TCP_RPC_HOST": "127.0.0.1",
            "HF_HUB_OFFLINE": "1",
        }

    def launch(self) -> Process:
        shutil.rmtree(self.work / "discovery", ignore_errors=True)
        python = str(self.venv.python)
        frontend = [
            python, "-m", "dynamo.frontend", "--kserve-grpc-server", "--http-host", "127.0.0.1",
            "--http-port", str(self.port), "--grpc-metrics-port", str(self.other_port),
            "--discovery-backend", "file", "--request-plane", "tcp",
        ]
        self.worker = Process(
            [python, str(MODELS / "dynamo_worker.py"), str(self.work / "model")],
            self.logs / "worker.log", self.environment(),
        )
        return Process(frontend, self.logs / "frontend.log", self.environment())

    def kill(self) -> None:
        super().kill()
        if self.process:
            self.worker.kill()

    def ready(self) -> bool:
        return listens(self.port)

    def config(self) -> dict[str, Any]:
        return self.configured(dialect="dynamo")

    def subject(self) -> Subject:
        subject = super().subject()
        subject.lists = False
        return subject
