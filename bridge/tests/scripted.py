"""A server on loopback with a scripted model (Chat Completions and Responses, streamed) and the tool `calculate`."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

KEY = "sk-of-the-tests"
QUESTION = "What is 15 * 23?"
NUMBERS = count(1)

CALCULATE = {
    "name": "calculate",
    "description": "Calculates.",
    "inputSchema": {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]},
}


class ScriptedServer(ThreadingHTTPServer):
    """It records what it was asked; the model calls the tool once, or for ever."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.requests = []
        self.endless = False
        self.calls_at_once = 1
        self.tool_fails = False
        self.refuses = None


class Handler(BaseHTTPRequestHandler):
    """Both protocols, as far as the frameworks ask."""

    def log_message(self, *_arguments):
        pass

    def do_GET(self):
        self.send_error(405)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers.get("Authorization"), body))
        if self.path == "/mcp":
            return self.mcp(body)
        if self.server.refuses:
            return self.answer(self.server.refuses, json.dumps({"error": {"message": "no", "type": "x", "param": None, "code": None}}))
        if self.path == "/v1/chat/completions":
            return self.answer(200, sse(chat(self.decided(body["messages"]), self.server.calls_at_once)), "text/event-stream")
        if self.path == "/v1/responses":
            return self.answer(200, sse(responses(self.decided(body["input"]))), "text/event-stream")
        return self.send_error(404)

    def decided(self, items):
        results = [item for item in items if item.get("role") == "tool" or item.get("type") == "function_call_output"]
        if not results or self.server.endless:
            return {"call": '{"expression":"15 * 23"}'}
        return {"text": f"It is {text_of(results[-1].get('content') or results[-1].get('output'))}."}

    def mcp(self, message):
        if "id" not in message:
            return self.answer(202, "")
        if message["method"] == "initialize":
            version = message["params"]["protocolVersion"]
            result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "x", "version": "1"}}
        elif message["method"] == "tools/list":
            result = {"tools": [CALCULATE, {**CALCULATE, "name": "search"}]}
        elif message["method"] == "tools/call":
            text = "it does not work" if self.server.tool_fails else "345"
            result = {"content": [{"type": "text", "text": text}], "isError": self.server.tool_fails}
        else:
            result = {}
        self.answer(200, json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}))

    def answer(self, status, text, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


def text_of(content):
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def sse(events):
    def one(event):
        name = f"event: {event['type']}\n" if "type" in event else ""
        return f"{name}data: {json.dumps(event)}\n\n"

    done = "" if "type" in events[0] else "data: [DONE]\n\n"
    return "".join(map(one, events)) + done


def chat(decided, calls_at_once):
    number = next(NUMBERS)
    if "call" in decided:
        function = {"name": "calculate", "arguments": decided["call"]}
        calls = [{"index": place, "id": f"call_{number}_{place}", "type": "function", "function": function} for place in range(calls_at_once)]
        deltas, reason = [{"role": "assistant", "content": None, "tool_calls": calls}], "tool_calls"
    else:
        deltas, reason = [{"role": "assistant", "content": word} for word in decided["text"].split(" ")], "stop"
    choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
    choices.append([{"index": 0, "delta": {}, "finish_reason": reason}])
    chunk = {"id": f"chatcmpl-{number}", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    usage = {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}
    return [{**chunk, "choices": choice} for choice in choices] + [{**chunk, "choices": [], "usage": usage}]


def responses(decided):
    number = next(NUMBERS)
    if "call" in decided:
        item = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "name": "calculate", "arguments": decided["call"], "status": "completed"}
        place = {"item_id": item["id"], "output_index": 0}
        middle = [
            {"type": "response.function_call_arguments.delta", **place, "delta": decided["call"]},
            {"type": "response.function_call_arguments.done", **place, "name": "calculate", "arguments": decided["call"]},
        ]
        begun = {**item, "arguments": "", "status": "in_progress"}
    else:
        part = {"type": "output_text", "text": decided["text"], "annotations": []}
        item = {"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed", "content": [part]}
        place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        middle = [
            {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
            {"type": "response.output_text.delta", **place, "delta": decided["text"], "logprobs": []},
            {"type": "response.output_text.done", **place, "text": decided["text"], "logprobs": []},
            {"type": "response.content_part.done", **place, "part": part},
        ]
        begun = {**item, "content": [], "status": "in_progress"}
    usage = {"input_tokens": 10, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 12}
    response = {"id": f"resp_{number}", "object": "response", "created_at": 1, "status": "in_progress", "model": "m", "output": [], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "error": None}
    events = [
        {"type": "response.created", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        *middle,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {**response, "status": "completed", "output": [item], "usage": usage}},
    ]
    return [{**event, "sequence_number": place} for place, event in enumerate(events)]
