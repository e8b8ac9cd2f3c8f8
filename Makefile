# Every command of the project. `make run` and `make test` do all the set-up themselves.
# Your own settings of this machine (WASM_STD = distribution, CARGO_TARGET_DIR = …) go into local.mk, which git ignores.

-include local.mk
export WASM_STD CARGO_TARGET_DIR SITE_ROOT

.DEFAULT_GOAL := help
.PHONY: help run dev test check bench bench-runs bench-rl bridge chat evaluate train import export screenshots site client-check setup format clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

run: ## Set up, build, and serve on http://localhost:8000
	@scripts/run.sh serve

dev: ## The same, rebuilt and restarted whenever a source changes
	@scripts/dev.sh

test: ## Set up, and run every test: unit, contract, HTTP, browser
	@scripts/test.sh

check: ## Format, clippy for host and wasm32, tidy
	@scripts/check.sh

bench: ## Requests and chat turns per second over loopback
	@scripts/bench.sh

bench-runs: ## Evaluation runs against a scripted model, beside inspect-ai and promptfoo
	@scripts/bench-runs.sh

bench-rl: ## PPO on CartPole beside Stable-Baselines3 and CleanRL, one core
	@scripts/bench-rl.sh

bridge: ## Install Pydantic AI and LangGraph ahead of their first use
	@scripts/bridge.sh

chat: ## Chat in the terminal; ARGS="--help" lists the options
	@scripts/run.sh chat $(ARGS)

evaluate: ## Evaluate an agent; ARGS="--help" lists the options
	@scripts/run.sh evaluate $(ARGS)

train: ## Train a local agent; ARGS="--help" lists the options
	@scripts/run.sh train $(ARGS)

import: ## Import test cases: make import ARGS="cases.csv --dry-run"
	@scripts/run.sh import $(ARGS)

export: ## Export the test cases: make export ARGS="--format csv --output cases.csv"
	@scripts/run.sh export $(ARGS)

screenshots: ## Pictures of every page, into end2end/test-results
	@scripts/screenshots.sh

site: setup ## Only build what the browser loads, into target/site
	@scripts/site.sh

client-check: setup ## Only type-check the browser's half
	@scripts/client.sh check

setup: ## Only install what is missing
	@scripts/setup.sh

format: ## Format the sources
	@cargo fmt --all

clean: ## Remove everything that was built
	@scripts/clean.sh
