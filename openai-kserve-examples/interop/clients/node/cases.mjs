// What the Node clients share: each is run with the base URL and prints one line of JSON for each case.
import assert from "node:assert/strict";

export const URL = process.argv[2];
export const MODEL = "own";
export const TEXT = "The capital of France is Paris. Grüße 🙂";
export const QUESTION = "What is the capital of France?";
export const WEATHER = "What is the weather in Paris?";
export const LOOP = "First the weather in Paris, then its population.";
export const LONG = "long ".repeat(2500);
export const CITY = { name: "Paris", population: 2100000 };
export const same = assert.deepEqual;

export async function raises(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error("no error");
}

export async function run(cases) {
  for (const [name, action] of Object.entries(cases)) {
    let state = "ok";
    let reason = "";
    try {
      await action();
    } catch (error) {
      console.error(error);
      [state, reason] = ["FAILED", String(error.message).slice(0, 300)];
    }
    console.log(JSON.stringify({ case: name, state, reason }));
  }
  process.exit(0);
}
