"""LiteLLM with its provider `openai/`."""

import litellm
from cases import KEY, LONG, MODEL, QUESTION, TEXT, TOOL, URL, WEATHER, expect, raises, run
from pydantic import BaseModel


class City(BaseModel):
    name: str
    population: int


def ask(text, **fields):
    messages = [{"role": "user", "content": text}]
    return litellm.completion(
        "openai/" + MODEL, messages=messages, base_url=URL, api_key=KEY, timeout=30, num_retries=0, **fields
    )


def whole():
    expect(ask(QUESTION).choices[0].message.content, TEXT)


def streamed():
    expect("".join(c.choices[0].delta.content or "" for c in ask(QUESTION, stream=True)), TEXT)


def tools():
    expect(ask(WEATHER, tools=[TOOL]).choices[0].message.tool_calls[0].function.name, "get_weather")


def structured():
    text = ask("A city.", response_format=City).choices[0].message.content
    expect(City.model_validate_json(text), City(name="Paris", population=2100000))


def error():
    raises(litellm.ContextWindowExceededError, lambda: ask(LONG))


def cancel():
    stream = ask("count slowly", stream=True)
    next(iter(stream))
    stream.completion_stream.close()


run(whole, streamed, tools, structured, error, cancel)
