"""KServe's Python ModelServer with a predictor of ours."""

from __future__ import annotations

from harness.chat import Subject
from harness.processes import Process
from harness.server import MODELS, Server, python_of
from harness.web import Web


class KServe(Server):
    """A ModelServer, which has whole answers only and does not list its models."""

    name = "kserve"

    def install(self) -> str:
        self.venv = python_of("kserve")
        return self.venv.versions("kserve")

    def launch(self) -> Process:
        command = [
            str(self.venv.python), str(MODELS / "kserve_server.py"), "--enable_grpc", "true",
            "--grpc_port", str(self.port), "--http_port", str(self.other_port),
        ]
        return Process(command, self.logs / "kserve.log", self.environment())

    def ready(self) -> bool:
        try:
            return Web(self.other_port).get(f"/v2/models/{self.model}/ready").status == 200
        except OSError:
            return False

    def subject(self) -> Subject:
        subject = super().subject()
        subject.pieces = subject.cancels = subject.lists = False
        return subject
