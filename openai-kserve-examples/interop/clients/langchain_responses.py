"""LangChain's ChatOpenAI over the Responses API."""

import openai
from cases import KEY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises, run
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = ChatOpenAI(
    model=MODEL, base_url=URL, api_key=KEY, timeout=30, max_retries=0, use_responses_api=True
)


class City(BaseModel):
    """A city."""

    name: str
    population: int


@tool
def get_weather(city: str) -> str:
    """Returns the weather of a city."""
    return "22 degrees"


@tool
def get_population(city: str) -> str:
    """Returns the population of a city."""
    return "2100000 people"


TOOLS = {"get_weather": get_weather, "get_population": get_population}


def whole():
    answer = model.invoke(QUESTION)
    expect(answer.text, TEXT)
    expect(answer.response_metadata["object"], "response")
    expect(answer.usage_metadata["output_tokens"], 10)


def streamed():
    expect("".join(chunk.text for chunk in model.stream(QUESTION)), TEXT)


def tools():
    expect(model.bind_tools([get_weather]).invoke(WEATHER).tool_calls[0]["args"], {"city": "Paris"})


def loop():
    agent(model)
    agent(model.model_copy(update={"use_previous_response_id": True}))  # the server keeps the turns


def agent(chat):
    bound, messages, called = chat.bind_tools(list(TOOLS.values())), [HumanMessage(LOOP)], []
    for _ in range(5):
        answer = bound.invoke(messages)
        messages.append(answer)
        for call in answer.tool_calls:
            called.append(call["name"])
            result = TOOLS[call["name"]].invoke(call["args"])
            messages.append(ToolMessage(result, tool_call_id=call["id"]))
        if not answer.tool_calls:
            break
    expect((called, answer.text), (["get_weather", "get_population"], "It is 22 degrees in Paris."))


def structured():
    expect(model.with_structured_output(City).invoke("A city."), City(name="Paris", population=2100000))


def error():
    expect(raises(openai.BadRequestError, lambda: model.invoke(LONG)).code, "context_length_exceeded")


def cancel():
    stream = model.stream("count slowly")
    next(stream)
    stream.close()


run(whole, streamed, tools, loop, structured, error, cancel)
