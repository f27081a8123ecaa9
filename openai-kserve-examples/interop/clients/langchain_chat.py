"""LangChain's ChatOpenAI."""

import openai
from cases import KEY, LONG, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises, run
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = ChatOpenAI(model=MODEL, base_url=URL, api_key=KEY, timeout=30, max_retries=0)


class City(BaseModel):
    """A city."""

    name: str
    population: int


@tool
def get_weather(city: str) -> str:
    """Returns the weather of a city."""
    return "22 degrees"


def whole():
    expect(model.invoke(QUESTION).content, TEXT)


def streamed():
    expect("".join(chunk.content for chunk in model.stream(QUESTION)), TEXT)


def tools():
    expect(model.bind_tools([get_weather]).invoke(WEATHER).tool_calls[0]["args"], {"city": "Paris"})


def structured():
    expect(model.with_structured_output(City).invoke("A city."), City(name="Paris", population=2100000))


def error():
    expect(raises(openai.BadRequestError, lambda: model.invoke(LONG)).code, "context_length_exceeded")


def cancel():
    stream = model.stream("count slowly")
    next(stream)
    stream.close()


run(whole, streamed, tools, structured, error, cancel)
