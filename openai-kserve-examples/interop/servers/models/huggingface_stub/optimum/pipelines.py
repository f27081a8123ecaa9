"""Stands for Optimum, which MLServer's Hugging Face runtime imports and this model does not use."""

SUPPORTED_TASKS = {}


def pipeline(*args, **kwargs):
    raise NotImplementedError("no Optimum here")
