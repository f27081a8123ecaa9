"""Stands for vLLM under Triton's vLLM backend: the engine says what the script says.

`vllm.sampling_params` is vLLM's own file, in the folder $INTEROP_VLLM.
"""

import json
import logging
import os
import uuid
from types import SimpleNamespace

import script
from stand_in import Answers, module

__path__ = [os.environ["INTEROP_VLLM"]]
MAX_LOGPROBS, VOCABULARY = 20, 100000


class Anything:
    """A class of which only the name matters here."""

    def __init__(self, *args, **fields):
        vars(self).update(fields)


class PydanticMsgspecMixin:
    """In vLLM, lets pydantic validate the class; SamplingParams is made without pydantic."""


class AsyncEngineArgs:
    """The engine's settings, from the file model.json."""

    def __init__(self, **fields):
        vars(self).update(enable_log_requests=False, aggregate_engine_logging=False, disable_log_stats=True)
        vars(self).update(fields)

    def create_engine_config(self, usage_context):
        return self


class AsyncLLM:
    """The engine: cumulative texts, stop sequences with vLLM's hold-back, and vLLM's further checks."""

    def __init__(self):
        self.answers = Answers()

    @classmethod
    def from_vllm_config(cls, **settings):
        return cls()

    async def get_supported_tasks(self):
        return ("generate",)

    async def reset_mm_cache(self):
        pass

    async def check_health(self):
        pass

    async def abort(self, request_id):
        self.answers.aborted.add(request_id)

    def shutdown(self):
        pass

    async def generate(self, prompt, params, request_id, lora_request=None):
        """Yields the output so far after each token."""
        prompt = prompt if isinstance(prompt, str) else prompt["prompt"]
        check(params)
        text, logprobs = "", []
        limit = params.max_tokens
        async for piece, reason in self.answers.pieces(request_id, prompt, limit, schema(params)):
            text += piece
            logprobs.append({1: SimpleNamespace(logprob=-0.5, rank=1, decoded_token=piece)})
            cut = cut_at(text, params)
            if cut is not None:
                text, reason = text[:cut], "stop"
            shown = len(text) - (0 if reason else params.output_text_buffer_length)
            yield output(prompt, text[: max(shown, 0)], logprobs, params, reason)
            if cut is not None:
                return


def check(params):
    """Raises what vLLM raises for parameters that SamplingParams takes. Source: v1/engine/input_processor.py"""
    if (params.logprobs or 0) > MAX_LOGPROBS:
        raise ValueError(
            "Requested sample logprobs of %d, which is greater than max allowed: %d" % (params.logprobs, MAX_LOGPROBS)
        )
    allowed = params.allowed_token_ids
    if allowed is not None and not allowed:
        raise ValueError("allowed_token_ids is not None and empty!")
    if allowed and not all(0 <= token < VOCABULARY for token in allowed):
        raise ValueError("allowed_token_ids contains out-of-vocab token id!")
    shape = params.structured_outputs
    if shape and shape.all_constraints_none():
        raise ValueError("No valid structured output parameter found")
    if shape and isinstance(shape.json, str):
        json.loads(shape.json)
    if shape and shape.choice is not None and not shape.choice:
        raise ValueError("Choice '[]' cannot be an empty list")
    if shape and shape.grammar is not None and not shape.grammar.strip():
        raise ValueError("structured_outputs.grammar cannot be an empty string")


def schema(params):
    """Returns the JSON schema of the answer, or None."""
    shape = params.structured_outputs
    if not shape or shape.json is None and not shape.json_object:
        return None
    found = json.loads(shape.json) if isinstance(shape.json, str) else shape.json
    return found or {"type": "object"}


def cut_at(text, params):
    """Returns where the text ends because of a stop sequence, or None."""
    ends = [(text.find(s), len(s)) for s in params.stop if s in text]
    if not ends:
        return None
    begin, length = min(ends)
    return begin + (length if params.include_stop_str_in_output else 0)


def output(prompt, text, logprobs, params, reason):
    """Returns a RequestOutput."""
    one = SimpleNamespace(
        text=text,
        token_ids=[1] * len(logprobs),
        cumulative_logprob=-0.5 * len(logprobs),
        logprobs=None if params.logprobs is None else list(logprobs),
        finish_reason=reason,
    )
    tokens = [1] * script.words(prompt)
    return SimpleNamespace(prompt=prompt, prompt_token_ids=tokens, outputs=[one], finished=reason is not None)


module("vllm.logger", init_logger=logging.getLogger)
module("vllm.logits_process", LogitsProcessor=Anything)
module("vllm.tokenizers", TokenizerLike=Anything)
module("vllm.v1.serial_utils", PydanticMsgspecMixin=PydanticMsgspecMixin)
module("vllm.engine.arg_utils", AsyncEngineArgs=AsyncEngineArgs)
module("vllm.engine.protocol", EngineClient=Anything)
module("vllm.usage.usage_lib", UsageContext=SimpleNamespace(OPENAI_API_SERVER="openai_api_server"))
module("vllm.v1.engine.async_llm", AsyncLLM=AsyncLLM)
module("vllm.config", VllmConfig=Anything)
module(
    "vllm.v1.metrics.loggers", StatLoggerFactory=Anything, StatLoggerBase=Anything, build_1_2_5_buckets=lambda n: []
)
module("vllm.v1.metrics.stats", IterationStats=Anything, MultiModalCacheStats=Anything, SchedulerStats=Anything)
module("vllm.inputs.data", TokensPrompt=dict)
module("vllm.lora.request", LoRARequest=Anything)


class PoolingRequestOutput:
    """Only named in an annotation, with a parameter."""

    __class_getitem__ = classmethod(lambda cls, item: cls)


module(
    "vllm.outputs", EmbeddingOutput=Anything, EmbeddingRequestOutput=Anything,
    PoolingRequestOutput=PoolingRequestOutput, RequestOutput=Anything,
)
module("vllm.pooling_params", PoolingParams=Anything)
module("vllm.utils", random_uuid=lambda: uuid.uuid4().hex)
