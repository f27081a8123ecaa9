"""MLServer runtimes that say what the script says: whole by predict, in pieces by predict_stream."""

import asyncio

import script
from mlserver import MLModel
from mlserver.codecs import StringCodec
from mlserver.errors import InferenceError
from mlserver.types import InferenceResponse


class Own(MLModel):
    """A model that streams."""

    async def load(self):
        return True

    async def predict(self, payload):
        prompt, limit = arguments(payload)
        try:
            said = list(script.answer(prompt, limit))
        except script.TooLong as e:
            raise InferenceError(str(e))
        return self.response("".join(piece for piece, _ in said), said[-1][1])

    async def predict_stream(self, payloads):
        async for payload in payloads:
            prompt, limit = arguments(payload)
            said = script.answer(prompt, limit, wait=lambda seconds: None)
            try:
                for piece, reason in said:
                    await asyncio.sleep(0.05 if "slowly" in prompt else 0)
                    yield self.response(piece, reason)
            finally:
                said.close()

    def response(self, text, reason):
        outputs = [
            StringCodec.encode_output("output", [text]),
            StringCodec.encode_output("finish_reason", [reason or ""]),
        ]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)


def arguments(payload):
    """Returns the prompt, and the limit or None."""
    given = {i.name: i for i in payload.inputs}
    prompt = StringCodec.decode_input(given["prompt"])[0]
    limit = given.get("max_tokens")
    return prompt, None if limit is None else int(limit.data[0])
