// The shared cases with promptfoo's command, for as a library it opens four connections whatever it is told: base URL, file
// of cases, how many at once. Prints right, the seconds that it tells of the evaluation, peak KiB.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [base, cases, atOnce] = process.argv.slice(2);
const tests = JSON.parse(readFileSync(cases, "utf8")).map((one) => ({
  vars: { question: one.user_input },
  assert: [{ type: "equals", value: one.expected_output }],
}));
const providers = [{ id: "openai:chat:instant", config: { apiBaseUrl: base, apiKey: "x" } }];
writeFileSync("promptfoo.json", JSON.stringify({ prompts: ["{{question}}"], providers, tests }));

const command = fileURLToPath(new URL("node_modules/promptfoo/dist/src/entrypoint.js", import.meta.url));
const quiet = ["--no-cache", "--no-progress-bar", "--no-table", "--no-share"];
const child = spawn(process.execPath, [command, "eval", "-c", "promptfoo.json", "-j", atOnce, "-o", "out.json", ...quiet], {
  env: { ...process.env, PROMPTFOO_DISABLE_TELEMETRY: "1", PROMPTFOO_DISABLE_UPDATE: "1" },
  stdio: ["ignore", "ignore", "inherit"],
});
let peak = 0;
const watching = setInterval(() => {
  try {
    peak = Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/VmHWM:\s*(\d+)/)[1]);
  } catch {
    // It has ended.
  }
}, 20);
child.on("exit", () => {
  clearInterval(watching);
  const { stats } = JSON.parse(readFileSync("out.json", "utf8")).results;
  console.log(stats.successes, stats.durationMs / 1000, peak);
});
