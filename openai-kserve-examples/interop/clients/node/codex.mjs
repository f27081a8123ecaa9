// Codex, the agent: a question, and a command that makes a file.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
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

await run({
  async streamed() {
    same((await codex(QUESTION)).output.trim(), TEXT);
  },
  async tools() {
    const { folder } = await codex("Run the command 'echo hello > made.txt'");
    same(readFileSync(join(folder, "made.txt"), "utf8"), "hello\n");
  },
});
