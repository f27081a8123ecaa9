"""OpenAI's SDK for Python."""

import openai
from cases import KEY, LONG, MODEL, QUESTION, TEXT, TOOL, URL, WEATHER, expect, raises, run
from pydantic import BaseModel

client = openai.OpenAI(base_url=URL, api_key=KEY, timeout=30)


class City(BaseModel):
    name: str
    population: int


def ask(text, **fields):
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=MODEL, messages=messages, **fields)


def whole():
    expect(ask(QUESTION).choices[0].message.content, TEXT)
    expect(client.models.list().data[0].id, MODEL)


def streamed():
    chunks = list(ask(QUESTION, stream=True, stream_options={"include_usage": True}))
    expect("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), TEXT)
    expect(chunks[-1].usage.completion_tokens, 10)


def tools():
    call = ask(WEATHER, tools=[TOOL]).choices[0].message.tool_calls[0]
    expect((call.function.name, call.function.arguments.replace(" ", "")), ("get_weather", '{"city":"Paris"}'))
    messages = [{"role": "user", "content": WEATHER}]
    with client.chat.completions.stream(model=MODEL, messages=messages, tools=[TOOL]) as stream:
        last = stream.get_final_completion()
    expect(last.choices[0].message.tool_calls[0].function.name, "get_weather")


def structured():
    messages = [{"role": "user", "content": "A city."}]
    made = client.chat.completions.parse(model=MODEL, messages=messages, response_format=City)
    expect(made.choices[0].message.parsed, City(name="Paris", population=2100000))


def error():
    e = raises(openai.BadRequestError, lambda: ask(LONG))
    expect(e.code, "context_length_exceeded")
    raises(openai.NotFoundError, lambda: client.models.retrieve("nope"))


def cancel():
    with ask("count slowly", stream=True) as stream:
        next(iter(stream))


run(whole, streamed, tools, structured, error, cancel)
