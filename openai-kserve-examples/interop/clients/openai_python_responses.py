"""OpenAI's SDK for Python, its Responses API with the helpers."""

import openai
from cases import KEY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises, run
from pydantic import BaseModel

client = openai.OpenAI(base_url=URL, api_key=KEY, timeout=30)


class City(BaseModel):
    name: str
    population: int


def tool(name):
    parameters = {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
        "additionalProperties": False,
    }
    return {"type": "function", "name": name, "parameters": parameters, "strict": True}


def ask(text, **fields):
    return client.responses.create(model=MODEL, input=text, **fields)


def whole():
    answer = ask(QUESTION)
    expect((answer.output_text, answer.status), (TEXT, "completed"))
    expect(answer.usage.output_tokens, 10)


def streamed():
    with client.responses.stream(model=MODEL, input=QUESTION) as stream:
        text = "".join(e.delta for e in stream if e.type == "response.output_text.delta")
        expect((text, stream.get_final_response().output_text), (TEXT, TEXT))


def tools():
    with client.responses.stream(model=MODEL, input=WEATHER, tools=[tool("get_weather")]) as stream:
        for _ in stream:
            pass
        call = stream.get_final_response().output[0]
    expect((call.type, call.name, call.arguments.replace(" ", "")),
           ("function_call", "get_weather", '{"city":"Paris"}'))


def loop():
    items, called = [{"role": "user", "content": LOOP}], []
    tools_ = [tool("get_weather"), tool("get_population")]
    for _ in range(5):
        answer = client.responses.create(model=MODEL, input=items, tools=tools_, store=False)
        items += answer.output
        calls = [item for item in answer.output if item.type == "function_call"]
        if not calls:
            break
        for call in calls:
            called.append(call.name)
            result = "22 degrees" if call.name == "get_weather" else "2100000 people"
            items.append({"type": "function_call_output", "call_id": call.call_id, "output": result})
    expect((called, answer.output_text), (["get_weather", "get_population"], "It is 22 degrees in Paris."))


def structured():
    made = client.responses.parse(model=MODEL, input="A city.", text_format=City)
    expect(made.output_parsed, City(name="Paris", population=2100000))


def error():
    e = raises(openai.BadRequestError, lambda: ask(LONG))
    expect(e.code, "context_length_exceeded")


def cancel():
    with ask("count slowly", stream=True) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                break


run(whole, streamed, tools, loop, structured, error, cancel)
