"""Both frameworks, the real packages, against a scripted model and scripted tools."""

import json

import pytest
from conftest import Worker
from scripted import KEY, QUESTION

BOTH = pytest.mark.parametrize("framework", ["pydantic_ai", "langgraph"])


def request(scripted, said=(QUESTION,), **changes):
    given = {
        "model": "local/builtin",
        "baseUrl": f"{scripted.url}/v1",
        "apiKey": KEY,
        "mcpUrl": f"{scripted.url}/mcp",
        "api": "chat",
        "temperature": 0.25,
        "systemPrompt": "Be brief.",
        "maxSteps": 8,
        **changes,
    }
    roles = ["user", "assistant"] * len(said)
    messages = [{"id": f"m{place}", "role": role, "content": text} for place, (role, text) in enumerate(zip(roles, said))]
    return {"threadId": "t", "runId": "r", "state": {}, "messages": messages, "tools": [], "context": [], "forwardedProps": given}


def of_kind(events, kind):
    return [event for event in events if event["type"] == kind]


def reply(events):
    return "".join(event["delta"] for event in of_kind(events, "TEXT_MESSAGE_CONTENT"))


def models_asked(scripted):
    return [body for path, _, body in scripted.requests if path != "/mcp"]


@BOTH
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_question_is_answered_with_a_tool_call(worker, scripted, framework, api):
    events = worker.events(f"/{framework}", request(scripted, api=api))
    assert [events[0]["type"], events[-1]["type"]] == ["RUN_STARTED", "RUN_FINISHED"]
    [start], [result] = of_kind(events, "TOOL_CALL_START"), of_kind(events, "TOOL_CALL_RESULT")
    arguments = "".join(event["delta"] for event in of_kind(events, "TOOL_CALL_ARGS"))
    assert (start["toolCallName"], json.loads(arguments)) == ("calculate", {"expression": "15 * 23"})
    assert (result["toolCallId"], result["content"]) == (start["toolCallId"], "345")
    assert result["metadata"]["isError"] is False and result["metadata"]["durationMs"] >= 0
    assert reply(events).replace(" ", "") == "Itis345."
    [usage] = events[-1]["usage"]
    assert (usage["inputTokens"], usage["outputTokens"]) == (20, 4)
    first = models_asked(scripted)[0]
    assert (first["model"], first["temperature"], first["stream"]) == ("local/builtin", 0.25, True)
    assert "Be brief." in json.dumps(first)
    assert {key for _, key, _ in scripted.requests} == {f"Bearer {KEY}"}
    assert KEY not in json.dumps(events)


@BOTH
def test_calls_that_come_in_one_piece_are_told_apart(worker, scripted, framework):
    scripted.calls_at_once = 2
    events = worker.events(f"/{framework}", request(scripted))
    ids = [event["toolCallId"] for event in of_kind(events, "TOOL_CALL_START")]
    assert len(set(ids)) == 2
    for call_id in ids:
        arguments = "".join(event["delta"] for event in of_kind(events, "TOOL_CALL_ARGS") if event["toolCallId"] == call_id)
        assert json.loads(arguments) == {"expression": "15 * 23"}
        [result] = [event for event in of_kind(events, "TOOL_CALL_RESULT") if event["toolCallId"] == call_id]
        assert (result["content"], result["metadata"]["isError"]) == ("345", False)
    assert reply(events).replace(" ", "") == "Itis345."


@BOTH
def test_earlier_messages_reach_the_model_in_order(worker, scripted, framework):
    worker.events(f"/{framework}", request(scripted, ["My name is Ada.", "Hello Ada.", QUESTION], systemPrompt=None))
    said = [(message["role"], message["content"]) for message in models_asked(scripted)[0]["messages"]]
    assert said == [("user", "My name is Ada."), ("assistant", "Hello Ada."), ("user", QUESTION)]


@BOTH
def test_only_the_tools_on_offer_reach_the_model(worker, scripted, framework):
    worker.events(f"/{framework}", request(scripted, tools=["calculate"]))
    offered = models_asked(scripted)[0]["tools"]
    assert [tool["function"]["name"] for tool in offered] == ["calculate"]


@BOTH
def test_a_failed_call_says_so_and_the_model_goes_on(worker, scripted, framework):
    scripted.tool_fails = True
    events = worker.events(f"/{framework}", request(scripted))
    [result] = of_kind(events, "TOOL_CALL_RESULT")
    assert result["metadata"]["isError"] is True and "it does not work" in result["content"]
    assert events[-1]["type"] == "RUN_FINISHED" and "doesnotwork" in reply(events).replace(" ", "")


@BOTH
def test_an_endless_model_is_stopped_at_the_limit(worker, scripted, framework):
    scripted.endless = True
    events = worker.events(f"/{framework}", request(scripted, maxSteps=3))
    assert (events[-1]["type"], events[-1]["code"]) == ("RUN_ERROR", "max_steps")
    assert len(models_asked(scripted)) == 3


@BOTH
def test_a_model_that_refuses_is_an_error_without_the_key(worker, scripted, framework):
    scripted.refuses = 401
    events = worker.events(f"/{framework}", request(scripted))
    assert events[-1]["type"] == "RUN_ERROR" and events[-1]["message"]
    assert KEY not in json.dumps(events)


def test_an_agent_of_ones_own_has_its_tools_and_ours(worker, scripted):
    events = worker.events("/pydantic_ai", request(scripted, entry="mine:ready"))
    assert events[-1]["type"] == "RUN_FINISHED"
    first = models_asked(scripted)[0]
    assert {tool["function"]["name"] for tool in first["tools"]} == {"own_tool", "calculate", "search"}
    assert "Mine." in json.dumps(first)


@pytest.mark.parametrize(("framework", "entry", "said"), [("pydantic_ai", "mine:made", "Made."), ("langgraph", "mine:graph", "Of the graph.")])
def test_a_function_makes_an_agent_of_what_it_is_given(worker, scripted, framework, entry, said):
    events = worker.events(f"/{framework}", request(scripted, entry=entry))
    assert reply(events).replace(" ", "") == "Itis345."
    assert said in json.dumps(models_asked(scripted)[0])
    assert of_kind(events, "TOOL_CALL_RESULT")[0]["metadata"]["isError"] is False


@BOTH
@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("os:abort", "no module os"),
        ("mine:missing", "no `missing`"),
        ("mine:number", "expected a"),
        ("../mine:ready", "expected `module:attribute`"),
        ("mine:__class__", "expected `module:attribute`"),
    ],
)
def test_a_wrong_entry_is_told_in_words(worker, scripted, framework, entry, why):
    [event] = worker.events(f"/{framework}", request(scripted, entry=entry))
    assert (event["type"], event["code"]) == ("RUN_ERROR", "not_configured")
    assert why in event["message"], event
    assert not models_asked(scripted)


def test_health_tells_the_versions(worker):
    status, text = worker.ask("/health")
    assert (status, json.loads(text)["status"]) == (200, "healthy")
    assert json.loads(text)["versions"]["pydantic-ai-slim"] == "2.68.0"


def test_every_path_asks_for_the_secret(worker, scripted):
    assert worker.ask("/health", secret="another")[0] == 401
    assert worker.ask("/langgraph", request(scripted), secret="")[0] == 401
    assert not scripted.requests


def test_a_request_that_is_none_is_refused(worker, scripted):
    assert worker.ask("/pydantic_ai", {"hello": 1})[0] == 422
    status, text = worker.ask("/pydantic_ai", request(scripted, apiKey=7))
    assert status == 422 and "apiKey" in text


def test_a_body_without_end_is_refused(worker):
    assert worker.ask("/pydantic_ai", {"filler": "x" * (16 * 1024 * 1024)})[0] == 413


def test_it_ends_with_its_standard_input(tmp_path):
    worker = Worker(tmp_path)
    worker.process.stdin.close()
    assert worker.process.wait(timeout=30) == 0
