"""Stands for PyTorch, which TensorRT-LLM's helpers use for tensors on a GPU only."""

from stand_in import module

__path__ = []
module("torch.utils.dlpack", from_dlpack=None)


class Tensor:
    """No value is one."""
