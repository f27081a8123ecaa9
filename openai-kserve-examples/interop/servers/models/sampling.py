"""The rules of vLLM's SamplingParams, so that a value that vLLM refuses is refused here.

The row `triton-vllm-real` compares them with vLLM's own, value by value.
"""

import json

NUMBERS = {
    "n": int, "presence_penalty": float, "frequency_penalty": float, "repetition_penalty": float,
    "temperature": float, "top_p": float, "top_k": int, "min_p": float, "seed": int, "max_tokens": int,
    "min_tokens": int, "logprobs": int, "prompt_logprobs": int,
}
KNOWN = {
    *NUMBERS, "stop", "stop_token_ids", "ignore_eos", "skip_special_tokens", "spaces_between_special_tokens",
    "include_stop_str_in_output", "truncate_prompt_tokens", "structured_outputs", "bad_words",
    "allowed_token_ids", "logit_bias", "extra_args", "lora_name",
}
CONSTRAINTS = {"json", "regex", "choice", "grammar", "json_object", "structural_tag"}


def must(holds, words):
    """Raises the words unless the condition holds."""
    if not holds:
        raise ValueError(words)


def read(text):
    """Returns the parameters as a dictionary, or raises what vLLM raises."""
    given = json.loads(text)
    for key in given:
        if key not in KNOWN:
            raise TypeError("Unexpected keyword argument '%s'" % key)
        if key in NUMBERS:
            given[key] = NUMBERS[key](given[key])
    numbers(given)
    lists(given)
    if "structured_outputs" in given:
        given["structured_outputs"] = constraint(json.loads(given["structured_outputs"]))
    return given


def numbers(given):
    """Checks the ranges of numbers."""
    for key in ("presence_penalty", "frequency_penalty"):
        must(-2 <= given.get(key, 0) <= 2, "%s must be in [-2, 2], got %s." % (key, given.get(key)))
    must(given.get("n", 1) >= 1, "n must be at least 1, got %s." % given.get("n"))
    must(given.get("n", 1) == 1 or given.get("temperature", 1) >= 1e-5, "n must be 1 when using greedy sampling")
    must(given.get("repetition_penalty", 1) > 0, "repetition_penalty must be greater than zero")
    must(given.get("temperature", 1) >= 0, "temperature must be non-negative")
    must(0 < given.get("top_p", 1) <= 1, "top_p must be in (0, 1], got %s." % given.get("top_p"))
    must(given.get("top_k", 0) >= -1, "top_k must be 0 (disable), or at least 1, got %s." % given.get("top_k"))
    must(0 <= given.get("min_p", 0) <= 1, "min_p must be in [0, 1]")
    limit, least = given.get("max_tokens", 16), given.get("min_tokens", 0)
    must(limit >= 1, "max_tokens must be at least 1, got %s." % limit)
    must(least >= 0, "min_tokens must be greater than or equal to 0, got %s." % least)
    must(least <= limit, "min_tokens must be less than or equal to max_tokens=%s, got %s." % (limit, least))
    must(-1 <= given.get("prompt_logprobs", 0), "prompt_logprobs must be non-negative or -1")
    must(-1 <= given.get("logprobs", 0), "logprobs must be non-negative or -1")
    must(given.get("logprobs", 0) <= 20, "Requested sample logprobs is greater than max allowed: 20")
    kept = given.get("truncate_prompt_tokens")
    must(kept is None or kept >= -1 and kept != 0, "truncate_prompt_tokens must be an integer >= 1 or -1")


def lists(given):
    """Checks texts and token ids."""
    tokens, stop = listed(given, "stop_token_ids"), listed(given, "stop")
    must(all(isinstance(i, int) for i in tokens), "stop_token_ids must contain only integers")
    must(all(len(s) for s in stop), "stop cannot contain an empty string.")
    allowed = given.get("allowed_token_ids")
    must(allowed is None or allowed, "allowed_token_ids is not None and empty!")
    must(all(0 <= i < 100000 for i in allowed or []), "allowed_token_ids contains out-of-vocab token id!")


def listed(given, key):
    """Returns a list, empty if the key is absent or null; a single stop sequence is a list of one."""
    found = given.get(key)
    if key == "stop" and isinstance(found, str):
        return [found]
    must(found is None or isinstance(found, list), "%s must be a list" % key)
    return found or []


def constraint(given):
    """Returns structured outputs, with one constraint; other keys are ignored."""
    kinds = [kind for kind in CONSTRAINTS if given.get(kind) is not None]
    must(len(kinds) < 2, "You can only use one kind of structured outputs constraint")
    must(kinds, "No valid structured output parameter found")
    must(given.get("choice") != [], "Choice '[]' cannot be an empty list")
    if isinstance(given.get("json"), str):
        json.loads(given["json"])
    return given
