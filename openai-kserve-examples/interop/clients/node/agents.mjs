// OpenAI's Agents SDK for JavaScript over responses, which is its default.
import { Agent, OpenAIResponsesModel, Runner, setTracingDisabled, tool } from "@openai/agents";
import OpenAI from "openai";
import { z } from "zod";
import { CITY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

setTracingDisabled(true);
const client = new OpenAI({ baseURL: URL, apiKey: "none", timeout: 30000, maxRetries: 0 });
const runner = new Runner();
const called = [];
const named = (name, result) =>
  tool({
    name,
    description: `Returns ${name}.`,
    parameters: z.object({ city: z.string() }),
    execute: async () => {
      called.push(name);
      return result;
    },
  });
const weather = named("get_weather", "22 degrees");
const population = named("get_population", "2100000 people");
const agent = (more) => new Agent({ name: "a", model: new OpenAIResponsesModel(client, MODEL), ...more });

await run({
  async whole() {
    same((await runner.run(agent(), QUESTION)).finalOutput, TEXT);
  },
  async streamed() {
    const result = await runner.run(agent(), QUESTION, { stream: true });
    let text = "";
    for await (const piece of result.toTextStream()) text += piece;
    await result.completed;
    same([text, result.finalOutput], [TEXT, TEXT]);
  },
  async tools() {
    const made = await runner.run(agent({ tools: [weather] }), WEATHER);
    same(made.finalOutput, "It is 22 degrees in Paris.");
  },
  async loop() {
    called.length = 0;
    const made = await runner.run(agent({ tools: [weather, population] }), LOOP);
    same([called, made.finalOutput], [["get_weather", "get_population"], "It is 22 degrees in Paris."]);
  },
  async structured() {
    const outputType = z.object({ name: z.string(), population: z.number().int() });
    same((await runner.run(agent({ outputType }), "A city.")).finalOutput, CITY);
  },
  async error() {
    same((await raises(() => runner.run(agent(), LONG))).code, "context_length_exceeded");
  },
  async cancel() {
    const leave = new AbortController();
    const result = await runner.run(agent(), "count slowly", { stream: true, signal: leave.signal });
    for await (const piece of result.toTextStream()) {
      if (piece) break;
    }
    leave.abort();
  },
});
