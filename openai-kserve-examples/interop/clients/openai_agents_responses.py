"""OpenAI's Agents SDK over responses, which is its default."""

import agents_cases
from agents import OpenAIResponsesModel
from cases import run

agents_cases.api = OpenAIResponsesModel
run(*agents_cases.CASES)
