"""What every real model server has in common, and how a row of the matrix is made of it."""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from typing import Any, Iterable

from .cache import HERE, Environment, NotRun, folder
from .chat import Chat, Subject
from .conversations import CONVERSATIONS
from .matrix import Result, Row, not_run, run
from .processes import Process, free_ports
from .product import Product

MODELS = HERE / "servers" / "models"


class Server(ABC):
    """A model server that is installed from a package registry."""

    name: str
    model = "own"
    start_limit = 90.0
    conversations = CONVERSATIONS

    def __init__(self) -> None:
        self.work = folder(self.name)
        self.logs = folder(self.name, "logs")
        self.notes = self.logs / "notes.txt"
        (self.port, self.other_port, self.third_port, self.fourth_port,
         self.fifth_port) = free_ports(5)
        self.process: Process | None = None

    @property
    def endpoint(self) -> str:
        """Returns host and port of the gRPC service."""
        return f"127.0.0.1:{self.port}"

    @abstractmethod
    def install(self) -> str:
        """Installs the server, if the cache does not have it, and returns its versions."""

    @abstractmethod
    def launch(self) -> Process:
        """Starts the server."""

    @abstractmethod
    def ready(self) -> bool:
        """Returns whether the server serves the model."""

    def subject(self) -> Subject:
        """Returns what the conversations need; servers that can do more replace its fields."""
        return Subject(self.endpoint, self.model, self.notes, self.kill, self.start, self.ready)

    def config(self) -> dict[str, Any]:
        """Returns the product's configuration: the server is asked for the dialect."""
        return self.configured(dialect="auto")

    def configured(self, backend: dict[str, Any] | None = None, **model: Any) -> dict[str, Any]:
        """Returns a configuration of one backend and one model, a chat model with ChatML."""
        return {
            "backends": [{"name": "server", "target": self.endpoint, **(backend or {})}],
            "models": [{"id": self.model, "chat_template": "chatml", **model}],
        }

    def tensors(self, models: Iterable[str]) -> dict[str, Any]:
        """Returns a configuration of models that generate no text; each is asked for its dialect."""
        return {
            "backends": [{"name": "server", "target": self.endpoint}],
            "models": [{"id": model, "dialect": "auto"} for model in models],
        }

    def environment(self) -> dict[str, str]:
        """Returns the variables of a process that has the scripted model."""
        path = os.pathsep.join([str(MODELS), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        return {"PYTHONPATH": path, "INTEROP_NOTES": str(self.notes)}

    def start(self) -> None:
        """Starts the server, without waiting for it."""
        self.process = self.launch()

    def kill(self) -> None:
        """Kills the server at once."""
        if self.process:
            self.process.kill()


def row(server: Server) -> Row:
    """Installs and starts a server with the product in front, and runs the conversations."""
    try:
        versions = server.install()
    except NotRun as e:
        return Row(server.name, "", not_run(server.conversations, str(e)))
    for old in server.logs.glob("*"):
        if old.name != "install.log":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    product = None
    try:
        server.start()
        assert server.process
        server.process.await_ready(server.ready, server.start_limit)
        product = Product(server.config(), server.logs)
        chat = Chat(product, server.subject())
        return Row(server.name, versions, {n: run(c, chat) for n, c in server.conversations.items()})
    except Exception as e:  # a server that does not start fails its row, not the others
        failed = Result("FAILED", f"did not start: {e}")
        return Row(server.name, versions, {n: failed for n in server.conversations})
    finally:
        server.kill()
        if product:
            product.stop()


def python_of(name: str) -> Environment:
    """Returns an installed virtual environment."""
    environment = Environment(name)
    environment.install()
    return environment
