"""Pydantic AI's agents over chat completions."""

import asyncio

from cases import KEY, LONG, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises, run
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

model = OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=URL, api_key=KEY))


class City(BaseModel):
    name: str
    population: int


def get_weather(city: str) -> str:
    """Returns the weather of a city."""
    return "22 degrees in " + city


def whole():
    expect(Agent(model).run_sync(QUESTION).output, TEXT)


def streamed():
    async def read():
        async with Agent(model).run_stream(QUESTION) as result:
            return [text async for text in result.stream_text(delta=True, debounce_by=None)]

    expect("".join(asyncio.run(read())), TEXT)


def tools():
    expect(Agent(model, tools=[get_weather]).run_sync(WEATHER).output, "It is 22 degrees in Paris.")


def structured():
    made = Agent(model, output_type=NativeOutput(City)).run_sync("A city.").output
    expect(made, City(name="Paris", population=2100000))


def error():
    expect(raises(ModelHTTPError, lambda: Agent(model).run_sync(LONG)).status_code, 400)


def cancel():
    async def leave():
        async with Agent(model).run_stream("count slowly") as result:
            async for _ in result.stream_text(delta=True, debounce_by=None):
                break

    asyncio.run(leave())


run(whole, streamed, tools, structured, error, cancel)
