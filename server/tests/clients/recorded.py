"""What the server recorded of an attempt: which tools were called with what, and what models were asked how often."""

import json
import os
import urllib.request

URL = os.environ["RL_CHATBOT_URL"]
QUESTION = "What is 15 * 23?"
ANSWER = "The answer is 345."


def recorded(rollout: str) -> list[dict]:
    with urllib.request.urlopen(f"{URL}/api/v1/trajectories/{rollout}/0") as answer:
        return json.load(answer)


def check(rollout: str, answer: str) -> None:
    """The answer is right, and came of one call of `calculate` between two decisions of the model."""
    assert answer == ANSWER, answer
    calls = recorded(rollout)
    kinds = [(call["kind"], call["model"]) for call in calls]
    assert kinds == [("model", "local/builtin"), ("tool", "calculate"), ("model", "local/builtin")], kinds
    assert calls[1]["request_json"] == {"name": "calculate", "arguments": {"expression": "15 * 23"}}, calls[1]
    assert calls[1]["response_json"] == {"result": "345", "is_error": False}, calls[1]
