"""Values at the edge of fields: a short list, and the whole table that the library's own tests send."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Iterator

from .cache import ROOT
from .chat import Chat

RESOURCES = ROOT / "openai-kserve-core" / "src" / "test" / "resources"
VALUES = RESOURCES / "field-edges.txt"
PAGE = ROOT / "openai-kserve-core" / "docs" / "API.md"
PATHS = {"/v1/chat/completions": {"messages": [{"role": "user", "content": "hi"}]},
         "/v1/completions": {"prompt": "hi"}}
GIVEN = {"model", "messages", "prompt", "stream"}
THREADS = 8

SHORT: list[dict[str, Any]] = [
    {"stop_token_ids": [2]}, {"top_p": 0}, {"top_p": 1}, {"top_k": 0}, {"top_k": -1}, {"top_k": -5},
    {"min_p": 0}, {"min_p": 2}, {"min_tokens": -1}, {"min_tokens": 9}, {"repetition_penalty": 0},
    {"repetition_penalty": -1}, {"temperature": 0}, {"temperature": 2}, {"seed": -1}, {"seed": 2**63 - 1},
    {"presence_penalty": 2}, {"presence_penalty": -2}, {"frequency_penalty": 2}, {"logit_bias": {"foo": 1}},
    {"stop": []}, {"stop": ""}, {"max_tokens": 0}, {"max_tokens": 1}, {"logprobs": 0}, {"logprobs": 5},
    {"ignore_eos": True}, {"skip_special_tokens": False}, {"bad_words": ["x"]},
    {"include_stop_str_in_output": True}, {"allowed_token_ids": [1]}, {"truncate_prompt_tokens": 5},
    {"spaces_between_special_tokens": False}, {"priority": 1}, {"guided_choice": ["a", "b"]},
    {"structured_outputs": {"choice": ["a", "b"]}}, {"vllm_xargs": {"a": 1}},
]


def faults(chat: Chat, whole_table: bool) -> list[str]:
    """Returns the requests that failed at the server, or whose refusal names no field."""
    table = list(every()) if whole_table else [("/v1/completions", {"max_tokens": 8, **f}) for f in SHORT]
    if len(table) < len(SHORT):
        raise AssertionError(f"no table of fields in {PAGE}")
    with ThreadPoolExecutor(THREADS) as pool:
        return [f for f in pool.map(lambda row: fault(chat, *row), table) if f]


def every() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields every value of every field, at both endpoints that generate text."""
    page, values = PAGE.read_text(), [json.loads(line) for line in VALUES.read_text().splitlines()]
    for path in PATHS:
        section = page.split(f"## POST {path}")[1].split("\n## ")[0]
        for field in re.findall(r"^\| `([a-z_]+)` \| [a-z]+ \| [a-z]+ \|", section, re.M):
            if field not in GIVEN:
                yield from ((path, {field: value}) for value in values)


def fault(chat: Chat, path: str, fields: dict[str, Any]) -> str | None:
    """Sends one request; returns what is wrong with its answer, or None."""
    answer = chat.web.post(path, {"model": chat.subject.model, **PATHS[path], **fields})
    # A schema that no JSON meets is the client's, and no model can obey it.
    if answer.status < 400 or answer.error["code"] == "invalid_model_output":
        return None
    message = answer.error["message"]
    named = answer.error["param"] or any(f.split("_")[0] in message.lower() for f in fields)
    return None if answer.status < 500 and named else f"{path} {json.dumps(fields)} {answer.status} {message[:90]}"
