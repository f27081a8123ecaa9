"""The real model servers, one file each."""

from __future__ import annotations

from functools import partial
from typing import Callable

from harness.server import Server

from .triton import TENSORS, Triton

SERVERS: dict[str, Callable[[], Server]] = {
    **{name: partial(Triton, name) for name in TENSORS},
}
