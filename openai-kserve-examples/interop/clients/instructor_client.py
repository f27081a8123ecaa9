"""Instructor, which makes objects of answers."""

import instructor
import openai
from cases import KEY, LONG, MODEL, URL, expect, raises, run
from pydantic import BaseModel


class City(BaseModel):
    name: str
    population: int


def made(mode, text="A city."):
    client = instructor.from_openai(openai.OpenAI(base_url=URL, api_key=KEY, timeout=30), mode=mode)
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.create(model=MODEL, messages=messages, response_model=City, max_retries=0).model_dump()


def structured():
    expect(made(instructor.Mode.JSON_SCHEMA), {"name": "Paris", "population": 2100000})
    expect(made(instructor.Mode.JSON), {"name": "Paris", "population": 2100000})


def error():
    raises(Exception, lambda: made(instructor.Mode.JSON, LONG))


run(structured, error)
