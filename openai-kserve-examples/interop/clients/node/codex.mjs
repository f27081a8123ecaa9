// Codex, the agent: a question, a command that makes a file, and one tool after the other.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MODEL, QUESTION, TEXT, URL, run, same } from "./cases.mjs";

const bin = join(dirname(fileURLToPath(import.meta.url)), "node_modules", ".bin", "codex");
const provider = `{name="kserve", base_url="${URL}", wire_api="responses"}`;

/** Runs the agent in an empty folder; returns the folder and what the agent printed. */
function codex(prompt) {
  const folder = mkdtempSync(join(tmpdir(), "codex-"));
  const args = [
    "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "--color", "never",
    "-m", MODEL, "-c", 'model_provider="kserve"', "-c", `model_providers.kserve=${provider}`, prompt,
  ];
  const child = spawn(bin, args, {
    cwd: folder, env: { ...process.env, CODEX_HOME: folder }, stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => process.stderr.write(data));
    child.on("error", reject);
    const limit = setTimeout(() => child.kill(), 90000);
    child.on("close", (code) => {
      clearTimeout(limit);
      return code === 0 ? resolve({ folder, output }) : reject(new Error(`exit ${code}`));
    });
  });
}

/** Returns the names of the tools that ran, from Codex's own record of the session. */
function called(folder) {
  return readdirSync(join(folder, "sessions"), { recursive: true })
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, "sessions", name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line).payload)
    .filter((item) => item?.type === "function_call")
    .map((item) => item.name);
}

await run({
  async streamed() {
    same((await codex(QUESTION)).output.trim(), TEXT);
  },
  async tools() {
    const { folder } = await codex("Run the command 'echo hello > made.txt'");
    same(readFileSync(join(folder, "made.txt"), "utf8"), "hello\n");
  },
  async loop() {
    const { folder, output } = await codex("Run the command 'echo hello > made.txt', then create a goal.");
    same(called(folder).slice(0, 2), ["exec_command", "create_goal"]); // a goal goes on by itself
    same(readFileSync(join(folder, "made.txt"), "utf8"), "hello\n");
    same(output.trim(), TEXT);
  },
});
