"""A model at the product, as the conversations see it, and what they expect of answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from .product import Product
from .web import Answer, Web


@dataclass
class Subject:
    """A model server under test, as the conversations see it.

    Attributes:
      endpoint: host and port of its gRPC service.
      model: the model's id at the product and its name at the server.
      notes: the file in which the model notes the end of each answer.
      pieces: whether a stream has more than one piece.
      cancels: whether the model learns that a client left.
      lists: whether the server has a repository index; None if `--endpoint` cannot speak to it.
      error_words: whether the words of an error in the model reach the product.
      any_name: whether the server serves its one model by any name.
      first_answer: seconds that the model's first answer after its start may take.
      finish_reasons: whether the server tells why an answer ended, or the product cuts it.
      scripted: whether the model says what servers/script.py says.
      every_edge: whether every value of every field is sent, and not only a short list.
      rules: compares the written rules of the server's fields with the server's own.
    """

    endpoint: str
    model: str
    notes: Path
    kill: Callable[[], None]
    restart: Callable[[], None]
    ready: Callable[[], bool]
    unload: Callable[[], None] | None = None
    load: Callable[[], None] | None = None
    upgrade: Callable[[], None] | None = None
    pieces: bool = True
    cancels: bool = True
    lists: bool | None = True
    error_words: bool = True
    any_name: bool = False
    first_answer: float = 2
    finish_reasons: bool = True
    scripted: bool = True
    every_edge: bool = False
    rules: Callable[[], None] | None = None


class Chat:
    """One model at the product."""

    def __init__(self, product: Product, subject: Subject) -> None:
        self.web: Web = product.web
        self.product = product
        self.subject = subject

    def complete(self, prompt: str, **fields: Any) -> Answer:
        """Asks for a completion, of 64 tokens unless a field says otherwise."""
        body = {"model": self.subject.model, "prompt": prompt, "max_tokens": 64, **fields}
        return self.web.post("/v1/completions", body)

    def chat(self, **fields: Any) -> Answer:
        """Asks for a chat answer."""
        return self.web.post("/v1/chat/completions", {"model": self.subject.model, **fields})

    def streamed(self, prompt: str, **fields: Any) -> list[dict[str, Any]]:
        """Returns the events of a streamed completion, which must end with [DONE]."""
        body = {"model": self.subject.model, "prompt": prompt, "max_tokens": 64, **fields}
        stream = self.web.stream("/v1/completions", body)
        events = list(stream.events())
        equal(stream.done, True, "[DONE]")
        return events


def equal(found: Any, expected: Any, what: str) -> None:
    """Fails with both values unless they are equal."""
    if found != expected:
        raise AssertionError(f"{what}: expected {expected!r}, found {str(found)[:1500]}")


def ok(answer: Answer) -> Any:
    """Returns the body of a 200."""
    equal(answer.status, 200, f"status of {str(answer.body)[:200]}")
    return answer.body


def refused(answer: Answer, status: int, code: str | None = None, param: str | None = None) -> None:
    """Fails unless the answer is an error with this status, and code and param where given."""
    equal(answer.status, status, f"status of {str(answer.body)[:200]}")
    for name, value in (("code", code), ("param", param)):
        if value is not None:
            equal(answer.error[name], value, f"{name} of {answer.error['message'][:160]}")


def joined(events: list[dict[str, Any]]) -> str:
    """Returns the text of a streamed completion."""
    return "".join(c["text"] for e in events for c in e["choices"])


def finish(events: list[dict[str, Any]]) -> str | None:
    """Returns the finish reason of a streamed completion, or None."""
    reasons = [c["finish_reason"] for e in events for c in e["choices"] if c["finish_reason"]]
    return reasons[-1] if reasons else None
