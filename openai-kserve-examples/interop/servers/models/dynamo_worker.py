"""A Dynamo worker that says what the script says, in tokens of one byte each."""

import asyncio
import json
import os
import sys

import script
import uvloop
from dynamo.llm import ModelInput, ModelType, WorkerType, register_model
from dynamo.runtime import dynamo_worker
from tokenizers import Tokenizer, decoders, models, pre_tokenizers


def tokenizer(folder):
    """Writes a model folder whose tokenizer has a token for each byte; returns the tokenizer."""
    os.makedirs(folder, exist_ok=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE({c: i for i, c in enumerate([*alphabet, "<eos>"])}, []))
    made.add_special_tokens(["<eos>"])
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.decoder = decoders.ByteLevel()
    made.save(os.path.join(folder, "tokenizer.json"))
    config = {
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 257, "eos_token_id": 256,
        "bos_token_id": 256, "max_position_embeddings": 100000, "n_positions": 100000,
    }
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config, file)
    with open(os.path.join(folder, "tokenizer_config.json"), "w") as file:
        json.dump({"eos_token": "<eos>", "tokenizer_class": "PreTrainedTokenizerFast"}, file)
    with open(os.path.join(folder, "generation_config.json"), "w") as file:
        json.dump({"eos_token_id": 256}, file)
    return made


@dynamo_worker()
async def main(runtime):
    folder = sys.argv[1]
    tokens = tokenizer(folder)

    async def generate(request, context):
        prompt = tokens.decode(request["token_ids"])
        said = script.answer(prompt, cancelled=context.is_stopped, wait=lambda seconds: None)
        try:
            for piece, reason in said:
                await asyncio.sleep(0.05 if "slowly" in prompt else 0)
                yield {"token_ids": tokens.encode(piece).ids, "finish_reason": reason}
        finally:
            said.close()

    endpoint = runtime.endpoint("interop.backend.generate")
    await register_model(
        ModelInput.Tokens, ModelType.Completions, endpoint, folder, "own", worker_type=WorkerType.Aggregated
    )
    script.note("registered")
    await endpoint.serve_endpoint(generate)


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main())
