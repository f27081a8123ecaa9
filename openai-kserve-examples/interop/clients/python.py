"""The Python clients: a script of this folder in the virtual environment that has its library."""

from __future__ import annotations

from harness.client import CLIENTS, TENSOR_CASES, Client
from harness.server import python_of


class PythonClient(Client):
    """A script with the packages whose versions its row shows."""

    def __init__(self, name: str, environment: str, script: str, *packages: str) -> None:
        self.name, self.environment, self.script, self.packages = name, environment, script, packages

    def install(self) -> str:
        self.venv = python_of(self.environment)
        return self.venv.versions(*self.packages)

    def command(self, url: str) -> list[str]:
        return [str(self.venv.python), str(CLIENTS / self.script), url, str(self.home)]


class TensorClient(PythonClient):
    """A script whose cases are about models that generate no text."""

    cases = TENSOR_CASES
    bench = "triton-tensors"
