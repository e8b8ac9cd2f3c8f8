#!/usr/bin/env bash
# Steps per second of PPO on CartPole-v1: ours beside Stable-Baselines3 and CleanRL, with the same steps, networks and
# updates, one after the other on one core with one thread. STEPS (100000) and ROUNDS (3) may be set; so may PROGRAM, a
# program that is already built, and CLEANRL, a folder that holds CleanRL's repository at the commit below.

source "$(dirname "$0")/environment.sh"

STEPS="${STEPS:-100000}"
ROUNDS="${ROUNDS:-3}"
CORE="${CORE:-0}"
CLEANRL_COMMIT=fe8d8a03c41a7ef5b523e2e354bd01c363e786bb
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1 CUDA_VISIBLE_DEVICES=

if [ -z "${PROGRAM:-}" ]; then
  "$ROOT/scripts/build.sh"
  PROGRAM="$CARGO_TARGET_DIR/release/rl-chatbot"
fi
# A private environment with pinned versions, made once. Only this script needs it.
python="${PYTHON:-$CARGO_TARGET_DIR/bench-rl/bin/python}"
if ! "$python" -c "import stable_baselines3, tyro, tensorboard" 2>/dev/null; then
  python3 -m venv "$CARGO_TARGET_DIR/bench-rl"
  python="$CARGO_TARGET_DIR/bench-rl/bin/python"
  "$python" -m pip install --quiet --disable-pip-version-check \
    torch==2.15.0 stable-baselines3==2.9.2 gymnasium==1.4.0 numpy==2.4.6 tyro tensorboard
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
if [ -z "${CLEANRL:-}" ]; then
  CLEANRL="$work/cleanrl"
  git init --quiet "$CLEANRL"
  git -C "$CLEANRL" fetch --quiet --depth 1 https://github.com/vwxyzjn/cleanrl "$CLEANRL_COMMIT"
fi
git -C "$CLEANRL" show "$CLEANRL_COMMIT:cleanrl/ppo.py" >"$work/ppo.py"

cat >"$work/sb3.py" <<'PYTHON'
import sys
import time

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)
steps = int(sys.argv[1])
model = PPO(
    "MlpPolicy", make_vec_env("CartPole-v1", n_envs=4, seed=1), seed=1, device="cpu",
    n_steps=128, batch_size=128, n_epochs=4, gamma=0.99, gae_lambda=0.95, clip_range=0.2, clip_range_vf=0.2,
    ent_coef=0.01, vf_coef=0.5, max_grad_norm=0.5, learning_rate=lambda left: 2.5e-4 * left,
    policy_kwargs={"net_arch": {"pi": [64, 64], "vf": [64, 64]}},
)
begun = time.perf_counter()
model.learn(steps)
print(model.num_timesteps / (time.perf_counter() - begun))
PYTHON

# Each of these prints steps per second, start-up not counted.
ours() {
  taskset -c "$CORE" "$PROGRAM" reproduce cartpole --algorithm ppo --seeds "$1" --steps "$STEPS" |
    python3 -c 'import json, sys; line = json.load(sys.stdin); print(line["steps"] / line["seconds"])'
}
sb3() { taskset -c "$CORE" "$python" "$work/sb3.py" "$STEPS"; }
cleanrl() {
  (cd "$work" && taskset -c "$CORE" "$python" ppo.py --no-cuda --seed "$1" --total-timesteps "$STEPS") |
    awk '/^SPS:/ { last = $2 } END { print last }'
}

say "one core ($CORE), $STEPS steps, $ROUNDS rounds"
for round in $(seq "$ROUNDS"); do
  for who in ours sb3 cleanrl; do
    printf '%s %s\n' "$who" "$("$who" "$round")" | tee -a "$work/rates" >&2
  done
done
python3 - "$work/rates" <<'PYTHON'
import collections, statistics, sys

rates = collections.defaultdict(list)
for line in open(sys.argv[1]):
    who, rate = line.split()
    rates[who].append(float(rate))
middle = {who: statistics.median(found) for who, found in rates.items()}
print("| | Steps a second (median) | Lowest | Highest | Ours is faster by |")
print("|---|---|---|---|---|")
for who, found in rates.items():
    times = "" if who == "ours" else f"{middle['ours'] / middle[who]:.1f} times"
    print(f"| {who} | {middle[who]:,.0f} | {min(found):,.0f} | {max(found):,.0f} | {times} |")
PYTHON
