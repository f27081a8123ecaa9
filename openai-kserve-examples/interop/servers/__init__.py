"""The real model servers, one file each."""

from __future__ import annotations

from functools import partial
from typing import Callable

from harness.server import Server

from .anyserve import AnyServe
from .dynamo import Dynamo
from .kserve import KServe
from .mlserver import MlServer, MlServerTensors
from .mlserver_huggingface import HuggingFace
from .torchserve import TorchServe
from .triton import TENSORS, Triton, TritonTensors
from .triton_real import RealLlmApi, RealVllm

SERVERS: dict[str, Callable[[], Server]] = {
    "mlserver": MlServer,
    "mlserver-huggingface": HuggingFace,
    **{name: partial(Triton, name, files) for name, files in TENSORS.items()},
    "triton-vllm-real": RealVllm,
    "triton-llm-api-real": RealLlmApi,
    "kserve": KServe,
    "dynamo": Dynamo,
    "torchserve": TorchServe,
    "anyserve": AnyServe,
    "mlserver-tensors": MlServerTensors,
    "triton-tensors": TritonTensors,
}
