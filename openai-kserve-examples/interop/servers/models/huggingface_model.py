"""Makes a tiny random GPT-2 with a tokenizer of its own: huggingface_model.py FOLDER."""

import os
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, PreTrainedTokenizerFast, TFGPT2LMHeadModel

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
alphabet = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "<eos>"]
made = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, []))
made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
made.decoder = decoders.ByteLevel()
PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<eos>", pad_token="<eos>").save_pretrained(folder)
size = GPT2Config(
    vocab_size=len(alphabet), n_positions=256, n_embd=32, n_layer=2, n_head=2, eos_token_id=256, bos_token_id=256
)
model = TFGPT2LMHeadModel(size)
model(model.dummy_inputs)
model.save_pretrained(folder)
