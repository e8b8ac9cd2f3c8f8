"""LangGraph: LangChain's agent over the server's model and tools, or a graph of the operator's own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from ag_ui.core import BaseEvent, EventType, RunAgentInput
from ag_ui_langgraph import LangGraphAgent
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware
from langchain_core.outputs import ChatGenerationChunk
from langchain_core.tools import BaseTool
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.interceptors import MCPToolCallRequest, MCPToolCallResult
from mcp.types import CallToolResult
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphRecursionError
from langgraph.graph.state import CompiledStateGraph

from . import own
from .turn import Calls, StepLimit, Turn


async def run(turn: Turn, run_input: RunAgentInput) -> AsyncIterator[BaseEvent]:
    """Runs one turn and tells it as AG-UI events."""
    limit, calls = StepCount(turn.max_steps), Calls()
    model, tools = _model(turn), await _tools(turn, calls)
    if turn.entry:
        given = {"model": model, "tools": tools, "system_prompt": turn.system_prompt, "middleware": [limit]}
        graph = await own.made(turn.entry, CompiledStateGraph, given)
    else:
        graph = create_agent(model, tools, system_prompt=turn.system_prompt, middleware=[limit])
    # The adapter reads the messages from a checkpointer; this one ends with the turn.
    graph = graph.copy(update={"checkpointer": InMemorySaver()})
    # A step is a node for the model and one for the tools; a graph of the operator's own may have more.
    config = {"recursion_limit": 10 + 4 * turn.max_steps}
    agent = LangGraphAgent(name="langgraph", graph=graph, config=config, emit_raw_events=False)
    async for event in agent.run(run_input):
        if event.type == EventType.RUN_ERROR and (limit.is_passed or GraphRecursionError.__name__ in event.message):
            event.code = "max_steps"
        yield calls.annotate(event)


class StepCount(AgentMiddleware):
    """Refuses the model a step too many."""

    def __init__(self, max_steps: int) -> None:
        super().__init__()
        self._left = max_steps

    @property
    def is_passed(self) -> bool:
        """Whether the model was asked for once too often."""
        return self._left < 0

    async def awrap_model_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        """Counts a step."""
        self._left -= 1
        if self.is_passed:
            raise StepLimit("the limit of steps is reached")
        return await handler(request)


class SteadyChatOpenAI(ChatOpenAI):
    """Streams the name of a call before its arguments, whatever the provider does.

    Many providers send a call in one piece, or several calls at once; the AG-UI adapter reads a piece with a name as the
    beginning of one call and drops the arguments in it.
    """

    async def _astream(self, *arguments: Any, **options: Any) -> AsyncIterator[ChatGenerationChunk]:
        async for chunk in super()._astream(*arguments, **options):
            for piece in _pieces(chunk):
                yield piece


def _pieces(chunk: ChatGenerationChunk) -> list[ChatGenerationChunk]:
    message = chunk.message
    calls = getattr(message, "tool_call_chunks", [])
    if not any(call["name"] and call["args"] for call in calls):
        return [chunk]
    parts = []
    for call in calls:
        parts += [{**call, "args": ""}, {**call, "name": None, "id": None}] if call["name"] else [call]
    messages = [type(message)(content="", id=message.id, tool_call_chunks=[part]) for part in parts]
    rest = message.model_copy(update={"tool_call_chunks": [], "tool_calls": [], "invalid_tool_calls": []})
    if rest.content or rest.usage_metadata or rest.response_metadata:
        messages.insert(0, rest)
    return [ChatGenerationChunk(message=message) for message in messages]


def _model(turn: Turn) -> ChatOpenAI:
    return SteadyChatOpenAI(
        model=turn.model,
        base_url=turn.base_url,
        api_key=turn.api_key,
        temperature=turn.temperature,
        use_responses_api=turn.api == "responses",
        stream_usage=True,
    )


async def _tools(turn: Turn, calls: Calls) -> list[BaseTool]:
    async def timed(
        request: MCPToolCallRequest, handler: Callable[[MCPToolCallRequest], Awaitable[MCPToolCallResult]]
    ) -> MCPToolCallResult:
        with calls.timed(getattr(request.runtime, "tool_call_id", None)) as noted:
            result = await handler(request)
            noted["isError"] = isinstance(result, CallToolResult) and bool(result.isError)
            return result

    server = {"transport": "streamable_http", "url": turn.mcp_url, "headers": turn.headers}
    tools = await MultiServerMCPClient({"tools": server}, tool_interceptors=[timed]).get_tools()
    return [tool for tool in tools if turn.offers(tool.name)]
