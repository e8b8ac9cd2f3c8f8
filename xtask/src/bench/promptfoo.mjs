// The shared cases with promptfoo: base URL, file of cases, how many at once. Prints right, seconds, peak KiB.
import { readFileSync } from "node:fs";

Object.assign(process.env, { PROMPTFOO_DISABLE_TELEMETRY: "1", PROMPTFOO_DISABLE_UPDATE: "1", PROMPTFOO_CACHE_ENABLED: "false" });
const { default: promptfoo } = await import("promptfoo");
const [base, cases, atOnce] = process.argv.slice(2);
const tests = JSON.parse(readFileSync(cases, "utf8")).map((one) => ({
  vars: { question: one.user_input },
  assert: [{ type: "equals", value: one.expected_output }],
}));
const providers = [{ id: "openai:chat:instant", config: { apiBaseUrl: base, apiKey: "x" } }];
const begun = performance.now();
const done = await promptfoo.evaluate(
  { prompts: ["{{question}}"], providers, tests, writeLatestResults: true },
  { maxConcurrency: Number(atOnce), cache: false, showProgressBar: false },
);
const seconds = (performance.now() - begun) / 1000;
const results = (await done.toEvaluateSummary?.()) ?? done;
console.log(results.stats.successes, seconds, process.resourceUsage().maxRSS);
process.exit(0);
