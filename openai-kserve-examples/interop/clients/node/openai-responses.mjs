// OpenAI's SDK for Node, its Responses API with the helpers.
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { CITY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

const client = new OpenAI({ baseURL: URL, apiKey: "none", timeout: 30000 });
const City = z.object({ name: z.string(), population: z.number().int() });
const parameters = {
  type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false,
};
const tool = (name) => ({ type: "function", name, parameters, strict: true });
const ask = (input, more) => client.responses.create({ model: MODEL, input, ...more });

await run({
  async whole() {
    same((await ask(QUESTION)).output_text, TEXT);
  },
  async streamed() {
    const stream = client.responses.stream({ model: MODEL, input: QUESTION });
    let text = "";
    for await (const event of stream) {
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    const [message] = (await stream.finalResponse()).output;
    same([text, message.content[0].text], [TEXT, TEXT]);
  },
  async tools() {
    const stream = client.responses.stream({ model: MODEL, input: WEATHER, tools: [tool("get_weather")] });
    const [call] = (await stream.finalResponse()).output;
    same([call.type, call.name, JSON.parse(call.arguments)], ["function_call", "get_weather", { city: "Paris" }]);
  },
  async loop() {
    const input = [{ role: "user", content: LOOP }];
    const called = [];
    let answer;
    for (let i = 0; i < 5; i++) {
      answer = await ask(input, { tools: [tool("get_weather"), tool("get_population")], store: false });
      input.push(...answer.output);
      const calls = answer.output.filter((item) => item.type === "function_call");
      if (calls.length === 0) break;
      for (const { name, call_id } of calls) {
        called.push(name);
        const output = name === "get_weather" ? "22 degrees" : "2100000 people";
        input.push({ type: "function_call_output", call_id, output });
      }
    }
    same([called, answer.output_text], [["get_weather", "get_population"], "It is 22 degrees in Paris."]);
  },
  async structured() {
    const text = { format: zodTextFormat(City, "city") };
    const made = await client.responses.parse({ model: MODEL, input: "A city.", text });
    same(made.output_parsed, CITY);
  },
  async error() {
    const error = await raises(() => ask(LONG));
    same([error.constructor.name, error.code], ["BadRequestError", "context_length_exceeded"]);
  },
  async cancel() {
    for await (const event of await ask("count slowly", { stream: true })) {
      if (event.type === "response.output_text.delta") break;
    }
  },
});
