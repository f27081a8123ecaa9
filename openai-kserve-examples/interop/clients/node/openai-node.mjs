// OpenAI's SDK for Node.
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { CITY, LONG, MODEL, QUESTION, TEXT, URL, WEATHER, raises, run, same } from "./cases.mjs";

const client = new OpenAI({ baseURL: URL, apiKey: "none", timeout: 30000 });
const City = z.object({ name: z.string(), population: z.number().int() });
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tool = { type: "function", function: { name: "get_weather", parameters } };
const request = (content, more) => ({ model: MODEL, messages: [{ role: "user", content }], ...more });
const ask = (content, more) => client.chat.completions.create(request(content, more));

await run({
  async whole() {
    same((await ask(QUESTION)).choices[0].message.content, TEXT);
  },
  async streamed() {
    let text = "";
    for await (const chunk of await ask(QUESTION, { stream: true })) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    same(text, TEXT);
  },
  async tools() {
    const runner = client.chat.completions.runTools(
      request(WEATHER, {
        tools: [
          { type: "function", function: { ...tool.function, parse: JSON.parse, function: () => "22 degrees" } },
        ],
      }),
    );
    same(await runner.finalContent(), "It is 22 degrees in Paris.");
  },
  async structured() {
    const format = { response_format: zodResponseFormat(City, "city") };
    const made = await client.chat.completions.parse(request("A city.", format));
    same(made.choices[0].message.parsed, CITY);
  },
  async error() {
    const error = await raises(() => ask(LONG));
    same([error.constructor.name, error.code], ["BadRequestError", "context_length_exceeded"]);
  },
  async cancel() {
    const stream = await ask("count slowly", { stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
  },
});
