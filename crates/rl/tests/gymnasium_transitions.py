"""Writes transitions that Gymnasium computes, one JSON line per episode: python gymnasium_transitions.py > FILE

Needs: pip install gymnasium==1.4.0. Each line: env, first state (double precision), actions, and after every action the
observation, the reward and whether the episode was terminated or truncated.
"""

import json

import gymnasium
import numpy


def episode(env, name, seed, length, choose):
    env.reset(seed=seed)
    # Acrobot keeps its first state in single precision.
    first = [float(number) for number in env.unwrapped.state]
    chance = numpy.random.default_rng(seed)
    actions, steps = [], []
    for at in range(length):
        action = int(choose(env, at, chance))
        observation, reward, terminated, truncated, _ = env.step(action)
        actions.append(action)
        steps.append([[float(number) for number in observation], float(reward), bool(terminated), bool(truncated)])
        if terminated or truncated:
            break
    if length > 60:
        # A long episode is told by its end.
        steps = [None] * (len(steps) - 3) + steps[-3:]
    print(json.dumps({"env": name, "first": first, "actions": actions, "steps": steps}))


def any_action(env, at, chance):
    return chance.integers(env.action_space.n)


def balance(env, at, chance):
    x, speed, angle, turning = env.unwrapped.state
    return int(angle + 0.5 * turning + 0.02 * x + 0.05 * speed > 0)


def swing(env, at, chance):
    return 2 if env.unwrapped.state[1] >= 0 else 0


def pump(env, at, chance):
    return 2 if env.unwrapped.state[3] >= 0 else 0


for name, gym_name, good in [
    ("cartpole", "CartPole-v1", balance),
    ("mountain_car", "MountainCar-v0", swing),
    ("acrobot", "Acrobot-v1", pump),
]:
    env = gymnasium.make(gym_name)
    for seed in range(3):
        episode(env, name, seed, 60, any_action)
    episode(env, name, 7, 1000, good)
    episode(env, name, 8, 1000, (lambda env, at, chance: 1) if name != "cartpole" else (lambda env, at, chance: at % 2))
