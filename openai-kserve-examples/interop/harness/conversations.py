"""The table of conversations: the same for every model server."""

from __future__ import annotations

import time
from typing import Any, Callable

from .cache import NotRun
from .chat import Chat, equal, finish, joined, ok, refused
from .edges import faults
from .processes import wait_until
from .product import check
from .web import Answer

TEXT = "The capital of France is Paris. Grüße 🙂"
COUNT = "".join(f"{i} " for i in range(1, 31))
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
WEATHER: dict[str, Any] = {
    "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
    "tools": [TOOL],
}

def scripted(chat: Chat) -> None:
    """Skips a conversation whose text a random model cannot say."""
    if not chat.subject.scripted:
        raise NotRun("the model is random")


def whole(chat: Chat) -> None:
    """A completion and a chat; the text is the model's, to the byte."""
    first = ok(chat.complete("What is the capital of France?"))["choices"][0]
    second = ok(chat.chat(messages=[{"role": "user", "content": "What is the capital?"}], max_tokens=64))
    if chat.subject.scripted:
        equal(first["text"], TEXT, "text")
        equal(second["choices"][0]["message"]["content"], TEXT, "content")
        equal(first["finish_reason"], "stop", "finish_reason")
    if not first["text"]:
        raise AssertionError("no text")


def streamed(chat: Chat) -> None:
    """The same as a stream: same text, a finish reason, [DONE]; several pieces where the server has them."""
    events = chat.streamed("What is the capital of France?")
    if chat.subject.scripted:
        equal(joined(events), TEXT, "text")
        equal(finish(events), "stop", "finish_reason")
    texts = [c["text"] for e in events for c in e["choices"] if c["text"]]
    if chat.subject.pieces and len(texts) < 5:
        raise AssertionError(f"only {len(texts)} pieces")


def tools(chat: Chat) -> None:
    """A tool call, whole and streamed, and the answer from its result."""
    scripted(chat)
    choice = ok(chat.chat(**WEATHER))["choices"][0]
    equal(choice["finish_reason"], "tool_calls", f"finish_reason of {choice}")
    call = choice["message"]["tool_calls"][0]
    equal(call["function"]["name"], "get_weather", "function")
    equal(call["function"]["arguments"].replace(" ", ""), '{"city":"Paris"}', "arguments")
    stream = chat.web.stream("/v1/chat/completions", {"model": chat.subject.model, **WEATHER})
    deltas = [c["delta"] for e in stream.events() for c in e["choices"]]
    parts = [f["function"].get("arguments", "") for d in deltas for f in d.get("tool_calls") or []]
    equal("".join(parts).replace(" ", ""), '{"city":"Paris"}', "streamed arguments")
    result = {"role": "tool", "tool_call_id": call["id"], "content": "22 degrees"}
    history = [*WEATHER["messages"], choice["message"], result]
    last = ok(chat.chat(messages=history, tools=[TOOL]))["choices"][0]["message"]["content"]
    equal(last, "It is 22 degrees in Paris.", "content")


def stop(chat: Chat) -> None:
    """A stop sequence over two pieces, whole, streamed and in a chat."""
    scripted(chat)
    expected = COUNT[: COUNT.index("7 8")]
    choice = ok(chat.complete("count", stop=["7 8"]))["choices"][0]
    equal((choice["text"], choice["finish_reason"]), (expected, "stop"), "whole")
    events = chat.streamed("count", stop=["7 8"])
    equal((joined(events), finish(events)), (expected, "stop"), "streamed")
    message = [{"role": "user", "content": "count"}]
    said = ok(chat.chat(messages=message, stop="7 8"))["choices"][0]["message"]["content"]
    equal(said, expected, "chat")


def limit(chat: Chat) -> None:
    """max_tokens, whole and streamed: a cut text that says `length`."""
    choice = ok(chat.complete("count", max_tokens=5))["choices"][0]
    events = chat.streamed("count", max_tokens=5)
    if not chat.subject.scripted:
        return
    for name, text, reason in (
        ("whole", choice["text"], choice["finish_reason"]),
        ("streamed", joined(events), finish(events)),
    ):
        if chat.subject.finish_reasons:
            equal(reason, "length", f"{name} finish_reason of {text[:80]!r}")
        if len(text) > 40 or not COUNT.startswith(text.strip()):
            raise AssertionError(f"{name}: not cut: {text[:80]!r}")


def errors(chat: Chat) -> None:
    """Errors of callers are 400 or 404 with OpenAI's code, and cost no other caller anything."""
    refused(chat.complete("hi", temperature=9), 400, param="temperature")
    refused(chat.complete("hi", model="nope"), 404, "model_not_found")
    if chat.subject.scripted:
        for _ in range(6 if chat.subject.error_words else 0):
            refused(chat.complete("long " * 2500), 400, "context_length_exceeded")
        broken = chat.complete("break")
        if broken.status not in (200, 500, 502, 503):
            raise AssertionError(f"the broken engine: {broken.status} {broken.body}")
    ok(chat.complete("What is the capital of France?"))


def edges(chat: Chat) -> None:
    """Values at the edge of a field: an answer, or a 4xx that names the field; never a 5xx."""
    found = faults(chat, chat.subject.every_edge)
    equal(found[:8], [], f"{len(found)} faults")
    if chat.subject.rules:
        chat.subject.rules()


def cancel(chat: Chat) -> None:
    """A client leaves a stream; the model stops within five seconds."""
    if not (chat.subject.scripted and chat.subject.cancels):
        raise NotRun("the server has no cancellation that a model sees")
    notes = chat.subject.notes
    before = notes.read_text() if notes.exists() else ""
    body = {"model": chat.subject.model, "prompt": "count slowly", "max_tokens": 400}
    stream = chat.web.stream("/v1/completions", body)
    events = stream.events()
    next(events), next(events)
    stream.close()
    wait_until(lambda: "cancelled" in notes.read_text()[len(before):], 5, "the model's cancellation")


def discovery(chat: Chat) -> None:
    """`check --endpoint` finds the model, or says that the server does not list its models."""
    if chat.subject.lists is None:
        raise NotRun("the server has a different gRPC service name, which no flag sets")
    code, said = check(chat.subject.endpoint)
    if chat.subject.lists:
        if code != 0 or f"'{chat.subject.model}'" not in said:
            raise AssertionError(f"check ended with {code}: {said[:300]!r}")
    elif code != 1 or "does not list" not in said:
        raise AssertionError(f"check ended with {code}: {said[:300]!r}")
    if chat.subject.any_name:
        return
    code, said = check(chat.subject.endpoint, "--model", "nope")
    if code != 1 or "does not exist" not in said:
        raise AssertionError(f"check --model nope ended with {code}: {said[:300]!r}")


def reload(chat: Chat) -> None:
    """Unloaded: 404 at once. Loaded again: answered at once. Upgraded in place: one failure at most."""
    subject = chat.subject
    if subject.unload is None or subject.load is None:
        raise NotRun("the server cannot unload a model")
    subject.unload()
    try:
        refused(chat.complete("hi"), 404, "model_not_found")
    finally:
        subject.load()
    ok(chat.complete("hi"))
    if subject.upgrade:
        subject.upgrade()
        try:
            followed(chat, "an upgrade in place")
        finally:
            subject.load()
        followed(chat, "the roll-back")


def followed(chat: Chat, what: str) -> None:
    """Fails if more than the first request after a change fails."""
    statuses = [chat.complete("hi", seed=1).status for _ in range(4)]
    equal(statuses[1:], [200, 200, 200], f"statuses after {what}, all {statuses}")


def outage(chat: Chat) -> None:
    """Killed for 15 s: 503. Restarted: a good answer within two seconds after it is ready."""
    chat.subject.kill()
    statuses = []
    for _ in range(15):
        statuses.append(chat.complete("hi").status)
        time.sleep(1)
    chat.subject.restart()
    wait_until(chat.subject.ready, 90, "the server's return")
    equal(set(statuses), {503}, "statuses while the server is down")
    last: list[Answer] = []

    def answered() -> bool:
        last[:] = [chat.complete("What is the capital of France?")]
        return last[0].status == 200

    try:
        seconds = wait_until(answered, 60, "an answer after the outage")
    except TimeoutError as e:
        raise AssertionError(f"{e}; last {last[0].status} {str(last[0].body)[:160]}") from e
    if seconds > chat.subject.first_answer:
        raise AssertionError(f"first answer {seconds:.1f} s after the server was ready")


CONVERSATIONS: dict[str, Callable[[Chat], None]] = {
    f.__name__: f
    for f in (whole, streamed, tools, stop, limit, errors, edges, cancel, discovery, reload, outage)
}
