"""Anthropic's SDK for Python: messages, its streaming helpers, tools, counts of tokens, errors, models."""

import anthropic
from cases import KEY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, expect, raises, run
from pydantic import BaseModel

client = anthropic.Anthropic(base_url=URL.removesuffix("/v1"), api_key=KEY, timeout=30)


class City(BaseModel):
    name: str
    population: int


def tool(name):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    return {"name": name, "description": "Tells.", "input_schema": schema}


def user(content):
    return {"role": "user", "content": content}


def ask(text, **fields):
    return client.messages.create(model=MODEL, max_tokens=2000, messages=[user(text)], **fields)


def whole():
    message = ask(QUESTION, system=[{"type": "text", "text": "Be brief."}], extra_body={"top_k": 40})
    expect((message.content[0].text, message.stop_reason), (TEXT, "end_turn"))
    expect(message.usage.output_tokens, 10)
    counted = client.messages.count_tokens(model=MODEL, messages=[user(QUESTION)])
    expect(counted.input_tokens > 5, True)
    limited = client.messages.create(model=MODEL, max_tokens=2, messages=[user(QUESTION)])
    expect(limited.stop_reason, "max_tokens")
    stopped = ask(QUESTION, stop_sequences=["is Par"])
    expect((stopped.content[0].text, stopped.stop_reason), ("The capital of France ", "stop_sequence"))
    expect([model.id for model in client.models.list()].count(MODEL), 1)
    expect(client.models.retrieve(MODEL).display_name, MODEL)


def streamed():
    with client.messages.stream(model=MODEL, max_tokens=2000, messages=[user(QUESTION)]) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    expect((text, message.content[0].text, message.stop_reason), (TEXT, TEXT, "end_turn"))
    expect(message.usage.output_tokens, 10)
    expect(message.usage.input_tokens > 5, True)


def tools():
    expected = [("tool_use", "get_weather", {"city": "Paris"})]
    message = ask(WEATHER, tools=[tool("get_weather")])
    expect([(b.type, b.name, b.input) for b in message.content], expected)
    expect(message.stop_reason, "tool_use")
    forced = ask(QUESTION, tools=[tool("get_weather")], tool_choice={"type": "tool", "name": "get_weather"})
    expect([(b.type, b.name, b.input) for b in forced.content], expected)
    with client.messages.stream(
        model=MODEL, max_tokens=2000, messages=[user(WEATHER)], tools=[tool("get_weather")]
    ) as stream:
        pieces = [event.partial_json for event in stream if event.type == "input_json"]
        streamed_ = stream.get_final_message()
    expect(len(pieces) > 1, True)
    expect([(b.type, b.name, b.input) for b in streamed_.content], expected)


def loop():
    messages, called = [user(LOOP)], []
    for _ in range(5):
        message = client.messages.create(
            model=MODEL, max_tokens=2000, messages=messages, tools=[tool("get_weather"), tool("get_population")]
        )
        messages.append({"role": "assistant", "content": message.content})
        calls = [block for block in message.content if block.type == "tool_use"]
        if not calls:
            break
        results = []
        for call in calls:
            called.append(call.name)
            result = "22 degrees" if call.name == "get_weather" else "2100000 people"
            results.append({"type": "tool_result", "tool_use_id": call.id, "content": result})
        messages.append(user(results))
    expect((called, message.content[0].text), (["get_weather", "get_population"], "It is 22 degrees in Paris."))


def structured():
    made = client.messages.parse(
        model=MODEL, max_tokens=2000, messages=[user("A city.")], output_format=City
    )
    expect(made.parsed_output, City(name="Paris", population=2100000))


def error():
    e = raises(anthropic.BadRequestError, lambda: ask(LONG))
    expect((e.body["error"]["type"], "prompt is too long" in e.message), ("invalid_request_error", True))
    expect(bool(e.request_id) and e.request_id == e.body["request_id"], True)
    missing = raises(
        anthropic.NotFoundError,
        lambda: client.messages.create(model="none", max_tokens=9, messages=[user("Hi")]),
    )
    expect(missing.body["error"]["type"], "not_found_error")
    broken = client.with_options(max_retries=0)
    with broken.messages.stream(model=MODEL, max_tokens=99, messages=[user("break")]) as stream:
        raises(anthropic.APIStatusError, stream.get_final_message)


def cancel():
    with ask("count slowly", stream=True) as stream:
        for event in stream:
            if event.type == "content_block_delta":
                break


run(whole, streamed, tools, loop, structured, error, cancel)
