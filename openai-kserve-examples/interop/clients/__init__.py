"""The real clients, one script each."""

from __future__ import annotations

from functools import partial
from typing import Callable

from harness.client import Client

from .golang import GoClient
from .node import NodeClient
from .python import PythonClient, TensorClient
from .rust import RustClient

_PYTHON = [
    ("openai-python", "clients", "openai_python.py", "openai"),
    ("openai-python-responses", "clients", "openai_python_responses.py", "openai"),
    ("langchain-openai", "clients", "langchain_chat.py", "langchain-openai"),
    ("langchain-openai-responses", "clients", "langchain_responses.py", "langchain-openai"),
    ("langchain-tests", "clients", "langchain_standard.py", "langchain-tests", "langchain-openai"),
    ("pydantic-ai", "clients", "pydantic_agent.py", "pydantic-ai-slim"),
    ("instructor", "clients", "instructor_client.py", "instructor"),
    ("openai-agents", "clients", "openai_agents.py", "openai-agents"),
    ("openai-agents-responses", "clients", "openai_agents_responses.py", "openai-agents"),
    ("litellm", "litellm", "litellm_client.py", "litellm"),
    ("anthropic-python", "anthropic", "anthropic_python.py", "anthropic"),
    ("aiperf", "aiperf", "aiperf_load.py", "aiperf"),
    ("schemathesis", "schemathesis", "schemathesis_suite.py", "schemathesis"),
]

CLIENTS: dict[str, Callable[[], Client]] = {
    **{name: partial(PythonClient, name, *rest) for name, *rest in _PYTHON},
    "openai-python-tensors": partial(
        TensorClient, "openai-python-tensors", "clients", "openai_python_tensors.py", "openai"
    ),
    "cohere": partial(TensorClient, "cohere", "cohere", "cohere_client.py", "cohere"),
    "openai-node": partial(NodeClient, "openai-node", "openai-node.mjs", "openai"),
    "openai-node-responses": partial(
        NodeClient, "openai-node-responses", "openai-responses.mjs", "openai"
    ),
    "agents-js": partial(NodeClient, "agents-js", "agents.mjs", "@openai/agents"),
    "codex": partial(NodeClient, "codex", "codex.mjs", "@openai/codex"),
    "anthropic-node": partial(NodeClient, "anthropic-node", "anthropic.mjs", "@anthropic-ai/sdk"),
    "claude-code": partial(
        NodeClient, "claude-code", "claude-code.mjs", "@anthropic-ai/claude-code"
    ),
    "ai-sdk-responses": partial(
        NodeClient, "ai-sdk-responses", "ai-sdk-responses.mjs", "ai", "@ai-sdk/openai"
    ),
    "ai-sdk": partial(
        NodeClient, "ai-sdk", "ai-sdk.mjs", "ai", "@ai-sdk/openai", "@ai-sdk/openai-compatible"
    ),
    "openai-go": GoClient,
    "async-openai": RustClient,
}
