"""The real model servers, one file each."""

from __future__ import annotations

from functools import partial
from typing import Callable

from harness.server import Server

from .dynamo import Dynamo
from .kserve import KServe
from .mlserver import MlServer
from .torchserve import TorchServe
from .triton import TENSORS, Triton

SERVERS: dict[str, Callable[[], Server]] = {
    "mlserver": MlServer,
    **{name: partial(Triton, name) for name in TENSORS},
    "kserve": KServe,
    "dynamo": Dynamo,
    "torchserve": TorchServe,
}
