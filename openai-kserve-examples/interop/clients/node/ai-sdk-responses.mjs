// The AI SDK with its provider for OpenAI, whose default is the Responses API.
import { createOpenAI } from "@ai-sdk/openai";
import { Output, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { CITY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

const model = createOpenAI({ baseURL: URL, apiKey: "none" })(MODEL);
const providerOptions = { openai: { store: false } };
const called = [];
const named = (name, result) =>
  tool({
    inputSchema: z.object({ city: z.string() }),
    execute: async () => {
      called.push(name);
      return result;
    },
  });
const tools = { get_weather: named("get_weather", "22 degrees") };
const both = { ...tools, get_population: named("get_population", "2100000 people") };
const City = z.object({ name: z.string(), population: z.number().int() });
const ask = (prompt, more) => generateText({ model, prompt, providerOptions, maxRetries: 0, ...more });

await run({
  async whole() {
    same((await ask(QUESTION)).text, TEXT);
  },
  async streamed() {
    let text = "";
    for await (const part of streamText({ model, prompt: QUESTION, providerOptions }).textStream) text += part;
    same(text, TEXT);
  },
  async tools() {
    same((await ask(WEATHER, { tools, stopWhen: stepCountIs(3) })).text, "It is 22 degrees in Paris.");
  },
  async loop() {
    called.length = 0;
    const made = streamText({ model, prompt: LOOP, tools: both, stopWhen: stepCountIs(5), providerOptions });
    const text = await made.text;
    same([called, text], [["get_weather", "get_population"], "It is 22 degrees in Paris."]);
  },
  async structured() {
    same((await ask("A city.", { output: Output.object({ schema: City }) })).output, CITY);
  },
  async error() {
    const error = await raises(() => ask(LONG));
    same([error.name, error.statusCode], ["AI_APICallError", 400]);
  },
  async cancel() {
    const leave = new AbortController();
    const stream = streamText({ model, prompt: "count slowly", abortSignal: leave.signal, providerOptions });
    for await (const part of stream.textStream) {
      leave.abort();
      break;
    }
  },
});
