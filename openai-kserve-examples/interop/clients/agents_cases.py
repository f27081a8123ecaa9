"""What the scripts of OpenAI's Agents SDK share: the same cases over either API."""

import asyncio

import openai
from agents import Agent, Runner, function_tool, set_tracing_disabled
from cases import KEY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises
from pydantic import BaseModel

set_tracing_disabled(True)
api = None  # the class of models, which a script sets


class City(BaseModel):
    name: str
    population: int


@function_tool
def get_weather(city: str) -> str:
    """Returns the weather of a city."""
    return "22 degrees in " + city


@function_tool
def get_population(city: str) -> str:
    """Returns the population of a city."""
    return "2100000 people"


def agent(**fields):
    client = openai.AsyncOpenAI(base_url=URL, api_key=KEY, timeout=30, max_retries=0)
    return Agent(name="a", model=api(MODEL, client), **fields)


def whole():
    expect(Runner.run_sync(agent(), QUESTION).final_output, TEXT)


def streamed():
    async def read():
        result = Runner.run_streamed(agent(), QUESTION)
        kinds = [event.type async for event in result.stream_events()]
        return result.final_output, kinds.count("raw_response_event")

    text, events = asyncio.run(read())
    expect((text, events > 8), (TEXT, True))


def tools():
    expect(Runner.run_sync(agent(tools=[get_weather]), WEATHER).final_output, "It is 22 degrees in Paris.")


def loop():
    made = Runner.run_sync(agent(tools=[get_weather, get_population]), LOOP)
    called = [item.raw_item.name for item in made.new_items if item.type == "tool_call_item"]
    expect((called, made.final_output), (["get_weather", "get_population"], "It is 22 degrees in Paris."))


def structured():
    made = Runner.run_sync(agent(output_type=City), "A city.").final_output
    expect(made, City(name="Paris", population=2100000))


def error():
    raises(openai.BadRequestError, lambda: Runner.run_sync(agent(), LONG))


def cancel():
    async def leave():
        result = Runner.run_streamed(agent(), "count slowly")
        async for event in result.stream_events():
            if getattr(getattr(event, "data", None), "type", "") == "response.output_text.delta":
                break
        result.cancel()
        await asyncio.sleep(1)

    asyncio.run(leave())


CASES = (whole, streamed, tools, loop, structured, error, cancel)
