"""The rules of vLLM's SamplingParams, so that a value that vLLM refuses is refused here."""

import json

KNOWN = {
    "n", "presence_penalty", "frequency_penalty", "repetition_penalty", "temperature", "top_p", "top_k",
    "min_p", "seed", "stop", "stop_token_ids", "ignore_eos", "max_tokens", "min_tokens", "logprobs",
    "prompt_logprobs", "skip_special_tokens", "spaces_between_special_tokens", "include_stop_str_in_output",
    "truncate_prompt_tokens", "structured_outputs", "bad_words", "allowed_token_ids", "logit_bias",
    "extra_args", "lora_name",
}


def read(text):
    """Returns the parameters as a dictionary, or raises what vLLM raises."""
    given = json.loads(text)
    for key in given:
        if key not in KNOWN:
            raise TypeError("Unexpected keyword argument '%s'" % key)

    def must(holds, words):
        if not holds:
            raise ValueError(words)

    def value(key, default):
        found = given.get(key)
        return default if found is None else found

    for key in ("presence_penalty", "frequency_penalty"):
        must(-2 <= value(key, 0) <= 2, "%s must be in [-2, 2], got %s." % (key, given.get(key)))
    must(value("repetition_penalty", 1) > 0, "repetition_penalty must be greater than zero")
    must(value("temperature", 1) >= 0, "temperature must be non-negative")
    must(0 < value("top_p", 1) <= 1, "top_p must be in (0, 1], got %s." % given.get("top_p"))
    top_k = value("top_k", 0)
    must(isinstance(top_k, int) and top_k >= -1, "top_k must be 0 (disable), or at least 1, got %s." % top_k)
    must(0 <= value("min_p", 0) <= 1, "min_p must be in [0, 1]")
    max_tokens = given.get("max_tokens", 16)
    must(max_tokens is None or max_tokens >= 1, "max_tokens must be at least 1, got %s." % max_tokens)
    must(value("min_tokens", 0) >= 0, "min_tokens must be greater than or equal to 0")
    must(
        max_tokens is None or value("min_tokens", 0) <= max_tokens,
        "min_tokens must be less than or equal to max_tokens=%s, got %s." % (max_tokens, given.get("min_tokens")),
    )
    must(value("logprobs", 0) >= -1, "logprobs must be non-negative")
    must(all(isinstance(i, int) for i in value("stop_token_ids", [])), "stop_token_ids must contain only integers")
    stop = value("stop", [])
    must("" not in ([stop] if isinstance(stop, str) else stop), "stop cannot contain an empty string.")
    return given
