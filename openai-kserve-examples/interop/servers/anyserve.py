"""AnyServe, where INTEROP_ANYSERVE is the path of a virtual environment that has it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from harness.cache import NotRun
from harness.chat import Subject
from harness.processes import Process, free_ports, listens
from harness.server import MODELS, Server

VARIABLE = "INTEROP_ANYSERVE"


class AnyServe(Server):
    """AnyServe's own llama.cpp worker over a stub of llama-cpp-python."""

    name = "anyserve"

    def install(self) -> str:
        if not os.environ.get(VARIABLE):
            raise NotRun(f"no registry has it: set {VARIABLE} to a virtual environment with a build")
        self.command = Path(os.environ[VARIABLE]) / "bin" / "anyserve"
        if not self.command.exists():
            raise NotRun(f"no anyserve at {self.command}")
        while any(map(listens, (self.port + 100, self.port + 1000))) or self.port > 64000:
            (self.port,) = free_ports(1)  # AnyServe takes ports at fixed distances
        return f"anyserve {self.version()}, a build"

    def version(self) -> str:
        code = "import importlib.metadata as m; print(m.version('anyserve'))"
        python = self.command.with_name("python")
        out = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True, timeout=60)
        return out.stdout.strip()

    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(MODELS), str(MODELS / "llama_stub")])
        return {**super().environment(), "PYTHONPATH": path}

    def launch(self) -> Process:
        model = self.work / "own.gguf"
        model.write_bytes(b"GGUF")
        command = [str(self.command), "serve", str(model), "--name", self.model, "--port", str(self.port)]
        return Process(command, self.logs / "anyserve.log", self.environment(), self.work)

    def ready(self) -> bool:
        return listens(self.port) and listens(self.port + 100)

    def config(self) -> dict[str, Any]:
        return self.configured(dialect="anyserve")

    def subject(self) -> Subject:
        subject = super().subject()
        subject.lists = subject.cancels = False
        subject.any_name = True
        return subject
