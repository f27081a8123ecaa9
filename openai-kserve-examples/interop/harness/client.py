"""Real clients against the product over a real Triton with the scripted model."""

from __future__ import annotations

import json
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path

from .cache import HERE, NotRun, folder
from .matrix import Result, Row, not_run
from .processes import Process, wait_until
from .product import Product
from .server import Server
from .tensors import TENSORS

CLIENTS = HERE / "clients"
CASES = ("whole", "streamed", "tools", "structured", "error", "cancel", "loop", "suite")
TENSOR_CASES = tuple(TENSORS)
LIMIT = 300


class Client(ABC):
    """A program that runs cases with a client library, and prints a line of JSON for each."""

    name: str
    cases = CASES
    bench = "triton-vllm"  # the server behind the product that the client talks to

    @abstractmethod
    def install(self) -> str:
        """Installs the library, if the cache does not have it, and returns its versions."""

    @abstractmethod
    def command(self, url: str) -> list[str]:
        """Returns the command that runs the cases against this base URL."""

    @property
    def home(self) -> Path:
        """Returns the client's folder in the cache."""
        return folder("clients", self.name)


class Bench:
    """A product that every client of a run shares."""

    def __init__(self, server: Server) -> None:
        self.server = server
        server.install()
        server.start()
        assert server.process
        server.process.await_ready(server.ready, server.start_limit)
        self.product = Product(server.config(), server.logs, "product-of-clients")
        self.url = f"http://127.0.0.1:{self.product.port}/v1"

    def close(self) -> None:
        """Ends the product and its server."""
        self.product.stop()
        self.server.kill()

    def row(self, client: Client) -> Row:
        """Installs a client and runs its cases."""
        try:
            versions = client.install()
        except NotRun as e:
            return Row(client.name, "", not_run(client.cases, str(e)))
        results = dict.fromkeys(client.cases, Result("-"))
        self.server.notes.unlink(missing_ok=True)
        log = client.home / "cases.log"
        log.unlink(missing_ok=True)
        process = Process(client.command(self.url), log, cwd=client.home)
        try:
            wait_until(lambda: not process.alive(), LIMIT, "the end of the client")
            fault = "the client ended before this case"
        except TimeoutError as e:
            fault = str(e)
        finally:
            process.kill()
        said = [line for line in log.read_text(errors="replace").splitlines() if line.startswith('{"case"')]
        for line in map(json.loads, said):
            results[line["case"]] = Result(line["state"], " ".join(line["reason"].split()))
        if not said:
            results = {case: Result("FAILED", fault) for case in client.cases}
        if "cancel" in results and results["cancel"].state == "ok" and not self.cancelled():
            results["cancel"] = Result("FAILED", "the model saw no cancellation")
        return Row(client.name, versions, results)

    def cancelled(self) -> bool:
        """Returns whether the model sees a cancellation within five seconds."""
        notes = self.server.notes
        try:
            wait_until(lambda: notes.exists() and "cancelled" in notes.read_text(), 5, "the cancellation")
        except TimeoutError:
            return False
        return True


def tool_version(command: list[str]) -> str:
    """Returns what a tool says of its version, or raises NotRun if the machine does not have it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as e:
        raise NotRun(f"no {command[0]}") from e
    return done.stdout.strip()
