// Anthropic's SDK for TypeScript: messages, its streaming helpers, tools, counts of tokens, errors, models.
import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { CITY, LONG, LOOP, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

const client = new Anthropic({ baseURL: URL.replace(/\/v1$/, ""), apiKey: "none", timeout: 30000 });
const City = z.object({ name: z.string(), population: z.number().int() });
const input_schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tool = (name) => ({ name, description: "Tells.", input_schema });
const user = (content) => ({ role: "user", content });
const fields = (content, more) => ({ model: MODEL, max_tokens: 2000, messages: [user(content)], ...more });
const ask = (content, more) => client.messages.create(fields(content, more));
const calls = (message) => message.content.map(({ type, name, input }) => [type, name, input]);
const CALLS = [["tool_use", "get_weather", { city: "Paris" }]];

await run({
  async whole() {
    const message = await ask(QUESTION, { system: [{ type: "text", text: "Be brief." }] });
    same([message.content[0].text, message.stop_reason], [TEXT, "end_turn"]);
    same(message.usage.output_tokens, 10);
    const counted = await client.messages.countTokens({ model: MODEL, messages: [user(QUESTION)] });
    same(counted.input_tokens > 5, true);
    const stopped = await ask(QUESTION, { stop_sequences: ["is Par"] });
    same([stopped.content[0].text, stopped.stop_sequence], ["The capital of France ", "is Par"]);
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    same(models.includes(MODEL), true);
  },
  async streamed() {
    const stream = client.messages.stream(fields(QUESTION));
    let text = "";
    stream.on("text", (piece) => (text += piece));
    const message = await stream.finalMessage();
    same([text, message.content[0].text, message.stop_reason], [TEXT, TEXT, "end_turn"]);
    same(message.usage.output_tokens, 10);
  },
  async tools() {
    const more = { tools: [tool("get_weather")] };
    const message = await ask(WEATHER, more);
    same([calls(message), message.stop_reason], [CALLS, "tool_use"]);
    same(calls(await client.messages.stream(fields(WEATHER, more)).finalMessage()), CALLS);
    same(calls(await ask(QUESTION, { ...more, tool_choice: { type: "any" } })), CALLS);
  },
  async loop() {
    const messages = [user(LOOP)];
    const called = [];
    let message;
    for (let i = 0; i < 5; i++) {
      message = await ask("", { messages, tools: [tool("get_weather"), tool("get_population")] });
      messages.push({ role: "assistant", content: message.content });
      const uses = message.content.filter((block) => block.type === "tool_use");
      if (uses.length === 0) break;
      const results = uses.map(({ id, name }) => {
        called.push(name);
        const content = name === "get_weather" ? "22 degrees" : "2100000 people";
        return { type: "tool_result", tool_use_id: id, content };
      });
      messages.push(user(results));
    }
    same([called, message.content[0].text], [["get_weather", "get_population"], "It is 22 degrees in Paris."]);
  },
  async structured() {
    const made = await client.messages.parse(fields("A city.", { output_config: { format: zodOutputFormat(City) } }));
    same(made.parsed_output, CITY);
  },
  async error() {
    const error = await raises(() => ask(LONG));
    same([error.constructor.name, error.type], ["BadRequestError", "invalid_request_error"]);
    same(error.message.includes("prompt is too long"), true);
    same(error.requestID, error.error.request_id);
    const missing = await raises(() => ask("Hi", { model: "none" }));
    same([missing.status, missing.type], [404, "not_found_error"]);
  },
  async cancel() {
    for await (const event of await ask("count slowly", { stream: true })) {
      if (event.type === "content_block_delta") break;
    }
  },
});
