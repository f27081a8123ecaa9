"""KServe's ModelServer with a predictor that says what the script says."""

import script
from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.errors import InvalidInput


class Own(Model):
    """A predictor that declares its tensors; it has none for the number of tokens."""

    def __init__(self, name):
        super().__init__(name)
        self.ready = True

    def get_input_types(self):
        return [{"name": "prompt", "datatype": "BYTES", "shape": [-1]}]

    def get_output_types(self):
        return [{"name": "text", "datatype": "BYTES", "shape": [-1]}]

    def predict(self, payload, headers=None, response_headers=None):
        prompt = payload.inputs[0].data[0]
        prompt = prompt.decode("utf-8") if isinstance(prompt, bytes) else prompt
        try:
            text = "".join(piece for piece, _ in script.answer(prompt))
        except script.TooLong as e:
            raise InvalidInput(str(e))
        output = InferOutput("text", [1], "BYTES", data=[text.encode("utf-8")])
        return InferResponse(payload.id or "1", self.name, [output])


if __name__ == "__main__":
    ModelServer().start([Own("own")])
