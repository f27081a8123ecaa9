"""OpenAI's Agents SDK over chat completions."""

import agents_cases
from agents import OpenAIChatCompletionsModel
from cases import run

agents_cases.api = OpenAIChatCompletionsModel
run(*agents_cases.CASES)
