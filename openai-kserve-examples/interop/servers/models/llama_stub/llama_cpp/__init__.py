"""Stands for llama-cpp-python in AnyServe's llama.cpp worker, and says what the script says."""

import script


class Llama:
    """The calls that AnyServe makes."""

    def __init__(self, model_path=None, **settings):
        self.model_path = model_path

    def n_ctx(self):
        return script.CONTEXT

    def __call__(self, prompt, max_tokens=16, stream=False, **sampling):
        limit = None if max_tokens is None or max_tokens <= 0 else max_tokens
        chunks = self.generate(prompt, limit)
        if stream:
            return chunks
        parts = [chunk["choices"][0] for chunk in chunks]
        choice = {"index": 0, "text": "".join(p["text"] for p in parts), "finish_reason": parts[-1]["finish_reason"]}
        usage = {"prompt_tokens": script.words(prompt), "completion_tokens": len(parts)}
        return {"object": "text_completion", "choices": [choice], "usage": usage}

    create_completion = __call__

    def generate(self, prompt, limit):
        try:
            for piece, reason in script.answer(prompt, limit):
                yield {"choices": [{"index": 0, "text": piece, "finish_reason": reason}]}
        except script.TooLong:
            raise ValueError(
                "Requested tokens (%d) exceed context window of %d" % (script.words(prompt), script.CONTEXT)
            )
