// The AI SDK, with its providers for OpenAI (chat) and for OpenAI-compatible servers.
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Output, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { CITY, LONG, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

const compatible = createOpenAICompatible({
  name: "kserve", baseURL: URL, apiKey: "none", supportsStructuredOutputs: true,
});
const models = [createOpenAI({ baseURL: URL, apiKey: "none" }).chat(MODEL), compatible(MODEL)];
const tools = {
  get_weather: tool({
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `22 degrees in ${city}`,
  }),
};
const City = z.object({ name: z.string(), population: z.number().int() });

async function each(action) {
  for (const model of models) await action(model);
}

await run({
  whole: () =>
    each(async (model) => same((await generateText({ model, prompt: QUESTION })).text, TEXT)),
  streamed: () =>
    each(async (model) => {
      let text = "";
      for await (const part of streamText({ model, prompt: QUESTION }).textStream) text += part;
      same(text, TEXT);
    }),
  tools: () =>
    each(async (model) => {
      const made = await generateText({ model, prompt: WEATHER, tools, stopWhen: stepCountIs(3) });
      same(made.text, "It is 22 degrees in Paris.");
    }),
  structured: () =>
    each(async (model) => {
      const output = Output.object({ schema: City });
      same((await generateText({ model, prompt: "A city.", output })).output, CITY);
    }),
  error: () =>
    each(async (model) => {
      const error = await raises(() => generateText({ model, prompt: LONG, maxRetries: 0 }));
      same([error.name, error.statusCode], ["AI_APICallError", 400]);
    }),
  cancel: () =>
    each(async (model) => {
      const leave = new AbortController();
      const stream = streamText({ model, prompt: "count slowly", abortSignal: leave.signal });
      for await (const part of stream.textStream) {
        leave.abort();
        break;
      }
    }),
});
