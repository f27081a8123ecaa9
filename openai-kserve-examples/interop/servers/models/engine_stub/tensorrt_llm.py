"""Stands for TensorRT-LLM under its LLM API model for Triton: the engine says what the script says.

Stop sequences reach the tokenizer as the bytes of the tensor, which it refuses, as in the original.
"""

from types import SimpleNamespace

import script
from stand_in import Answers, module


class SamplingParams:
    """The parameters, with the checks of the executor. Source: cpp/tensorrt_llm/executor/samplingConfig.cpp"""

    def __init__(self, best_of=1, temperature=None, top_k=None, top_p=None, frequency_penalty=None,
                 presence_penalty=None, max_tokens=32, seed=None, exclude_input_from_output=True,
                 return_perf_metrics=False, beam_width=None, stop=None):
        self.max_tokens = int(max_tokens)
        self.exclude_input = exclude_input_from_output
        if stop is not None and not all(isinstance(s, str) for s in stop):
            raise TypeError("TextEncodeInput must be Union[TextInputSequence, Tuple[InputSequence, InputSequence]]")
        must(top_p is None or 0 < top_p <= 1, "Assertion failed: topP")
        must(top_k is None or top_k >= 0, "Assertion failed: topK")
        must(temperature is None or temperature >= 0, "Assertion failed: temperature")
        must(self.max_tokens > 0, "Assertion failed: maxNewTokens > 0")


def must(holds, words):
    """Raises the words unless the condition holds."""
    if not holds:
        raise RuntimeError(words)


class RequestOutput:
    """An answer: asynchronous results, each with the whole text so far; one if it is not streamed."""

    def __init__(self, answers, prompt, params, streaming):
        self.answers, self.prompt, self.params, self.streaming = answers, prompt, params, streaming
        self.text = "" if params.exclude_input else prompt

    def abort(self):
        self.answers.aborted.add(id(self))

    async def __aiter__(self):
        reason = None
        async for piece, reason in self.answers.pieces(id(self), self.prompt, self.params.max_tokens):
            self.text += piece
            if self.streaming:
                yield self.result(reason)
        if not self.streaming:
            yield self.result(reason)

    def result(self, reason):
        one = SimpleNamespace(text=self.text, finish_reason=reason, stop_reason=None, cumulative_logprob=None)
        return SimpleNamespace(outputs=[one], finished=reason is not None)


class LLM:
    """The engine."""

    def __init__(self, **settings):
        self.answers = Answers()

    def generate_async(self, prompt, params, streaming=False):
        must(
            script.words(prompt) <= script.CONTEXT,
            "The sum of prompt length (%d.0), query length (0) should not exceed max_num_tokens (%d)"
            % (script.words(prompt), script.CONTEXT),
        )
        return RequestOutput(self.answers, prompt, params, streaming)

    def shutdown(self):
        pass


__path__ = []
module("tensorrt_llm._torch.llm", LLM=LLM)
module("tensorrt_llm._utils", global_mpi_rank=lambda: 0, global_mpi_size=lambda: 1)
module("tensorrt_llm.llmapi", LLM=LLM)
module("tensorrt_llm.llmapi.llm", RequestOutput=RequestOutput)
module("tensorrt_llm.llmapi.llm_utils", update_llm_args_with_extra_dict=lambda args, extra: {**args, **extra})
