// Holds a running reference server against OpenAI's own SDK for Node.
// Usage: node check.mjs [http://127.0.0.1:8080/v1]

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const client = new OpenAI({
  baseURL: process.argv[2] ?? 'http://127.0.0.1:8080/v1',
  apiKey: process.env.OPENAI_API_KEY ?? 'any',
  maxRetries: 0,
});
const model = process.env.MODEL ?? 'llamacpp';
const question = [{ role: 'user', content: 'What is the capital of France?' }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the current weather for a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
};
const weatherQuestion = [{ role: 'user', content: 'What is the weather in Paris?' }];

const checks = {
  async 'lists and retrieves models'() {
    const ids = [];
    for await (const found of client.models.list()) ids.push(found.id);
    assert(ids.includes(model));
    assert.equal((await client.models.retrieve(model)).id, model);
  },

  async 'chats'() {
    const answer = await client.chat.completions.create({ model, messages: question, temperature: 0 });
    assert.match(answer.choices[0].message.content, /Paris/);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert(answer.usage.total_tokens > 0);
  },

  async 'chats in a stream'() {
    const stream = client.chat.completions.stream({ model, messages: question, temperature: 0, n: 2 });
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices.length, 2);
    for (const choice of answer.choices) assert.match(choice.message.content, /Paris/);
  },

  async 'completes several prompts'() {
    const answer = await client.completions.create({
      model, prompt: ['Once upon', 'There was'], echo: true, max_tokens: 5,
    });
    assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1]);
    assert.match(answer.choices[1].text, /^There was/);
  },

  async 'runs a tool and answers from its result'() {
    const called = [];
    const runner = client.chat.completions.runTools({
      model,
      temperature: 0,
      messages: weatherQuestion,
      tools: [{
        type: 'function',
        function: {
          ...weather.function,
          parse: JSON.parse,
          function: ({ city }) => {
            called.push(city);
            return { temperature: 18, condition: 'sunny' };
          },
        },
      }],
    });
    assert.match(await runner.finalContent(), /sunny/);
    assert.deepEqual(called, ['Paris']);
  },

  async 'calls a tool in a stream'() {
    const stream = client.chat.completions.stream({
      model, temperature: 0, messages: weatherQuestion, tools: [weather],
    });
    const answer = await stream.finalChatCompletion();
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.equal(call.function.name, 'get_weather');
    assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Paris' });
  },

  async 'calls the function that is named'() {
    const answer = await client.chat.completions.create({
      model, temperature: 0, messages: weatherQuestion, tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });
    assert.equal(answer.choices[0].message.tool_calls[0].function.name, 'get_weather');
  },

  async 'answers in a given form'() {
    const form = z.object({ sunny: z.boolean(), colour: z.enum(['red', 'green', 'blue']) });
    const answer = await client.chat.completions.parse({
      model, messages: weatherQuestion, response_format: zodResponseFormat(form, 'verdict'),
    });
    assert.equal(typeof answer.choices[0].message.parsed.sunny, 'boolean');
  },

  async 'embeds'() {
    const answer = await client.embeddings.create({ model, input: ['a fox', 'a fox', 'Paris'] });
    assert.equal(answer.data.length, 3);
    assert.deepEqual(answer.data[0].embedding, answer.data[1].embedding);
    assert.notDeepEqual(answer.data[0].embedding, answer.data[2].embedding);
  },

  async 'refuses in classes of the SDK'() {
    await assert.rejects(
      client.chat.completions.create({ model: 'nope', messages: question }), OpenAI.NotFoundError);
    await assert.rejects(
      client.chat.completions.create({ model, messages: question, temperature: 3 }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === 'temperature');
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
