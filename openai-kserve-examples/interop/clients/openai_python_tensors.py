"""OpenAI's SDK for Python: what is answered by tensors."""

import openai
from cases import KEY, URL, expect, raises, run

client = openai.OpenAI(base_url=URL, api_key=KEY, timeout=30)
FILE = ("a.wav", b"RIFF of some length")


def embeddings():
    found = client.embeddings.create(model="vectors", input=["a", "bbb"])  # asks for base64 by itself
    expect([d.embedding for d in found.data], [[1, 1, 0.5], [3, 1, 0.5]])
    plain = client.embeddings.create(model="vectors", input="a", encoding_format="float")
    expect(plain.data[0].embedding, [1, 1, 0.5])
    raises(openai.BadRequestError, lambda: client.embeddings.create(model="vectors", input=""))


def moderations():
    found = client.moderations.create(model="classes", input=["I hurt you", "I like you"])
    expect([r.flagged for r in found.results], [True, False])
    expect(found.results[0].categories.violence, True)


def transcriptions():
    speech = client.audio.transcriptions
    expect(speech.create(model="listener", file=FILE).text, "Hello from Grüße")
    verbose = speech.create(
        model="listener", file=FILE, response_format="verbose_json", timestamp_granularities=["word"]
    )
    expect([w.word for w in verbose.words], ["Hello", "from", "Grüße"])
    events = list(speech.create(model="listener", file=FILE, stream=True))
    expect("".join(e.delta for e in events if e.type == "transcript.text.delta"), "Hello from Grüße")
    expect(client.audio.translations.create(model="listener", file=FILE).text, "In English")


def speech():
    with client.audio.speech.with_streaming_response.create(model="speaker", input="hi", voice="nova") as spoken:
        expect(spoken.read(), b"RIFFnova says hi")


run(embeddings, moderations, transcriptions, speech)
