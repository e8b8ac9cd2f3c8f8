"""The official `openai` client: both APIs, streamed and not, tools called by hand; refusals; the list of models."""

import json
import os

import openai

URL = os.environ["RL_CHATBOT_URL"]
MODEL = "local/builtin"
QUESTION = "What is 15 * 23?"
ANSWER = "The answer is 345."
ARGUMENTS = {"expression": "15 * 23"}
FUNCTION = {
    "name": "calculate",
    "description": "Evaluates an arithmetic expression.",
    "parameters": {
        "type": "object",
        "properties": {"expression": {"type": "string", "description": "The expression, for example `15 * 23`."}},
        "required": ["expression"],
    },
}


def client(path: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{URL}{path}/v1", api_key="any")


def same(got: object, expected: object) -> None:
    assert got == expected, f"{got!r} instead of {expected!r}"


def chat_whole(api: openai.OpenAI) -> None:
    tools = [{"type": "function", "function": FUNCTION}]
    messages: list = [{"role": "user", "content": QUESTION}]
    first = api.chat.completions.create(model=MODEL, messages=messages, tools=tools).choices[0]
    same(first.finish_reason, "tool_calls")
    (call,) = first.message.tool_calls
    same((call.function.name, json.loads(call.function.arguments)), ("calculate", ARGUMENTS))
    messages += [first.message, {"role": "tool", "tool_call_id": call.id, "content": "345"}]
    second = api.chat.completions.create(model=MODEL, messages=messages, tools=tools).choices[0]
    same((second.finish_reason, second.message.content), ("stop", ANSWER))


def chat_streamed(api: openai.OpenAI) -> None:
    tools = [{"type": "function", "function": FUNCTION}]
    messages: list = [{"role": "user", "content": QUESTION}]
    with api.chat.completions.stream(
        model=MODEL, messages=messages, tools=tools, stream_options={"include_usage": True}
    ) as stream:
        first = stream.get_final_completion()
    same(first.usage.total_tokens, 0)
    (call,) = first.choices[0].message.tool_calls
    same((call.function.name, json.loads(call.function.arguments)), ("calculate", ARGUMENTS))
    called = {"id": call.id, "type": "function", "function": {"name": "calculate", "arguments": call.function.arguments}}
    messages += [
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "tool_call_id": call.id, "content": "345"},
    ]
    pieces = api.chat.completions.create(model=MODEL, messages=messages, tools=tools, stream=True)
    same("".join(piece.choices[0].delta.content or "" for piece in pieces), ANSWER)


def responses_whole(api: openai.OpenAI) -> None:
    tools = [{"type": "function", **FUNCTION}]
    first = api.responses.create(model=MODEL, input=QUESTION, tools=tools)
    (call,) = first.output
    same((call.type, call.name, json.loads(call.arguments)), ("function_call", "calculate", ARGUMENTS))
    items = [
        {"role": "user", "content": QUESTION},
        call.model_dump(exclude_none=True),
        {"type": "function_call_output", "call_id": call.call_id, "output": "345"},
    ]
    second = api.responses.create(model=MODEL, input=items, tools=tools)
    same((second.status, second.output_text), ("completed", ANSWER))
    assert first.id != second.id


def responses_streamed(api: openai.OpenAI) -> None:
    tools = [{"type": "function", **FUNCTION}]
    with api.responses.stream(model=MODEL, input=QUESTION, tools=tools) as stream:
        events = list(stream)
        first = stream.get_final_response()
    same([event.sequence_number for event in events], list(range(len(events))))
    (call,) = first.output
    items = [
        {"role": "user", "content": QUESTION},
        {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": call.arguments},
        {"type": "function_call_output", "call_id": call.call_id, "output": "345"},
    ]
    with api.responses.stream(model=MODEL, input=items, tools=tools) as stream:
        pieces = [event.delta for event in stream if event.type == "response.output_text.delta"]
        same(stream.get_final_response().output_text, ANSWER)
    same("".join(pieces), ANSWER)


def refusals(api: openai.OpenAI) -> None:
    try:
        api.chat.completions.create(model="gpt-nothing", messages=[{"role": "user", "content": "Hello"}])
        raise AssertionError("an unknown model was answered")
    except openai.NotFoundError as error:
        same((error.param, error.code), ("model", "model_not_found"))
    try:
        api.responses.create(model=MODEL, input="Hello", previous_response_id="resp_1")
        raise AssertionError("a response that is not kept was gone on from")
    except openai.BadRequestError as error:
        same(error.param, "previous_response_id")


def main() -> None:
    for path in ["", "/g/openai-client/0"]:
        api = client(path)
        chat_whole(api)
        chat_streamed(api)
        responses_whole(api)
        responses_streamed(api)
    refusals(client(""))
    assert MODEL in [model.id for model in client("").models.list()]
    same(client("").models.retrieve(MODEL).id, MODEL)


if __name__ == "__main__":
    main()
