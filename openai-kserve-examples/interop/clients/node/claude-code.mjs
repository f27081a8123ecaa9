// Claude Code, the agent: a question, and a command that makes a file.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MODEL, QUESTION, TEXT, URL, run, same } from "./cases.mjs";

const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
const native = join(modules, "@anthropic-ai", "claude-code-linux-x64", "claude");
const bin = existsSync(native) ? native : join(modules, ".bin", "claude");

/** One tool, and instructions that speak of no other: the model is a script that looks for words. */
const WRITE = ["--tools", "Write", "--system-prompt", "You make files.", "--dangerously-skip-permissions"];

/** Runs the agent in an empty folder; returns the folder and what the agent printed. */
function claude(prompt, ...more) {
  const folder = mkdtempSync(join(tmpdir(), "claude-"));
  const child = spawn(bin, ["-p", prompt, ...more], {
    cwd: folder,
    env: {
      PATH: process.env.PATH, HOME: folder, CLAUDE_CONFIG_DIR: join(folder, ".claude"),
      ANTHROPIC_BASE_URL: URL.replace(/\/v1$/, ""), ANTHROPIC_API_KEY: "none", ANTHROPIC_MODEL: MODEL,
      ANTHROPIC_SMALL_FAST_MODEL: MODEL, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", IS_SANDBOX: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => process.stderr.write(data));
    child.on("error", reject);
    const limit = setTimeout(() => child.kill(), 120000);
    child.on("close", (code) => {
      clearTimeout(limit);
      return code === 0 ? resolve({ folder, output }) : reject(new Error(`exit ${code}: ${output}`));
    });
  });
}

await run({
  async streamed() {
    same((await claude(QUESTION, "--tools", "")).output.trim(), TEXT);
  },
  async tools() {
    const { folder } = await claude("Please write 'made.txt'.", ...WRITE);
    same(readFileSync(join(folder, "made.txt"), "utf8"), "made.txt");
  },
});
