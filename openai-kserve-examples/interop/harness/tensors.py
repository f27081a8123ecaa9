"""The conversations with models that generate no text."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any, Callable

from .chat import Chat, equal, ok, refused

PICTURE = "data:image/png;base64,AA=="
FILE = b"RIFF of some length"


def embeddings(chat: Chat) -> None:
    """Vectors of texts and images, as numbers and as base64."""
    found = ok(chat.web.post("/v1/embeddings", {"model": "vectors", "input": ["a", "bbb"]}))
    equal([d["embedding"] for d in found["data"]], [[1, 1, 0.5], [3, 1, 0.5]], "vectors")
    coded = ok(chat.web.post("/v1/embeddings", {"model": "vectors", "input": "a", "encoding_format": "base64"}))
    equal(struct.unpack("<3f", base64.b64decode(coded["data"][0]["embedding"])), (1, 1, 0.5), "base64")
    both = ok(chat.web.post("/v1/embeddings", {"model": "vectors", "input": [{"image": PICTURE}, {"text": "a"}]}))
    equal([d["embedding"][0] for d in both["data"]], [len(PICTURE), 1], "an image and a text")
    refused(chat.web.post("/v1/embeddings", {"model": "vectors", "input": []}), 400, param="input")


def rerank(chat: Chat) -> None:
    """Documents in the order of their scores, at all three paths."""
    body = {"model": "scores", "query": "red fox", "documents": ["a dog", {"text": "the red fox"}, "a red car"]}
    for path in ("/v1/rerank", "/rerank", "/v2/rerank"):
        found = ok(chat.web.post(path, {**body, "top_n": 2}))["results"]
        equal([(r["index"], r["relevance_score"]) for r in found], [(1, 1), (2, 0.5)], path)
    refused(chat.web.post("/v1/rerank", {**body, "query": ""}), 400, param="query")


def score(chat: Chat) -> None:
    """Scores of pairs."""
    found = ok(chat.web.post("/v1/score", {"model": "scores", "text_1": "red", "text_2": ["red", "blue"]}))
    equal([d["score"] for d in found["data"]], [1, 0], "scores")


def classify(chat: Chat) -> None:
    """Classes of texts, with the labels of the server."""
    found = ok(chat.web.post("/v1/classify", {"model": "classes", "input": ["I hurt you", "I like you"]}))["data"]
    equal([d["label"] for d in found], ["violence", "harmless"], "labels")
    equal(found[0]["probs"], [0.875, 0.125], "probabilities")


def moderations(chat: Chat) -> None:
    """A label that is a category counts for it."""
    found = ok(chat.web.post("/v1/moderations", {"model": "classes", "input": ["I hurt you", "I like you"]}))
    equal([r["flagged"] for r in found["results"]], [True, False], "flagged")
    equal(found["results"][0]["category_scores"]["violence"], 0.875, "score")


def transcriptions(chat: Chat) -> None:
    """The text of a file as JSON, as subtitles, with the times of words, streamed and translated."""
    equal(ok(form(chat, "transcriptions"))["text"], "Hello from Grüße", "text")
    verbose = ok(form(chat, "transcriptions", ("response_format", "verbose_json"), ("language", "de"),
                      ("timestamp_granularities[]", "word")))
    equal((verbose["language"], len(verbose["segments"])), ("de", 1), "language and segments")
    equal(verbose["words"][1], {"word": "from", "start": 1, "end": 2}, "word")
    srt = form(chat, "transcriptions", ("response_format", "srt"))
    equal(srt.body, "1\n00:00:00,000 --> 00:00:01,000\nHello from Grüße\n\n", "subtitles")
    events = [json.loads(line[6:]) for line in form(chat, "transcriptions", ("stream", "true")).body.splitlines()
              if line.startswith("data: {")]
    equal("".join(e["delta"] for e in events[:-1]), "Hello from Grüße", "streamed text")
    equal(events[-1]["type"], "transcript.text.done", "the last event")
    equal(ok(form(chat, "translations"))["text"], "In English", "translation")


def speech(chat: Chat) -> None:
    """Audio, whole and as events."""
    body = {"model": "speaker", "input": "hi", "voice": "nova"}
    spoken = chat.web.post("/v1/audio/speech", body)
    equal((spoken.status, spoken.body), (200, "RIFFnova says hi"), "audio")
    events = [json.loads(line[6:]) for line in
              chat.web.post("/v1/audio/speech", {**body, "stream_format": "sse"}).body.splitlines()
              if line.startswith("data: {")]
    audio = b"".join(base64.b64decode(e["audio"]) for e in events[:-1])
    equal((audio, events[-1]["type"]), (b"RIFFnova says hi", "speech.audio.done"), "events")


def form(chat: Chat, path: str, *fields: tuple[str, str]) -> Any:
    """Sends a file and fields as a form."""
    parts = [("model", "listener"), *fields]
    body = b"".join(
        f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in parts
    )
    body += b'--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n' + FILE + b"\r\n--b--\r\n"
    return chat.web.send(f"/v1/audio/{path}", body, "multipart/form-data; boundary=b")


TENSORS: dict[str, Callable[[Chat], None]] = {
    f.__name__: f for f in (embeddings, rerank, score, classify, moderations, transcriptions, speech)
}
