"""Pydantic AI: the default agent over the server's model and tools, or one of the operator's own."""

from collections.abc import AsyncIterator
from typing import Any

from ag_ui.core import BaseEvent, EventType, RunAgentInput
from pydantic_ai import Agent, RunContext
from pydantic_ai.exceptions import UsageLimitExceeded
from pydantic_ai.mcp import CallToolFunc, MCPToolset, ToolResult
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.toolsets import AbstractToolset
from pydantic_ai.ui.ag_ui import AGUIAdapter
from pydantic_ai.usage import UsageLimits

from . import own
from .turn import Calls, Turn


async def run(turn: Turn, run_input: RunAgentInput) -> AsyncIterator[BaseEvent]:
    """Runs one turn and tells it as AG-UI events."""
    calls = Calls()
    model, tools = _model(turn), _tools(turn, calls)
    if turn.entry:
        given = {"model": model, "tools": tools, "system_prompt": turn.system_prompt}
        agent = await own.made(turn.entry, Agent, given)
    else:
        agent = Agent(model, instructions=turn.system_prompt)
    adapter = AGUIAdapter(agent, run_input, include_usage=True)
    at_limit = False

    async def native() -> AsyncIterator[Any]:
        nonlocal at_limit
        try:
            async for event in adapter.run_stream_native(
                model=model if agent.model is None else None,
                model_settings=ModelSettings(temperature=turn.temperature),
                usage_limits=UsageLimits(request_limit=turn.max_steps),
                toolsets=[] if _holds(agent, tools) else [tools],
            ):
                yield event
        except UsageLimitExceeded:
            at_limit = True
            raise

    async for event in adapter.transform_stream(native()):
        if at_limit and event.type == EventType.RUN_ERROR:
            event.code = "max_steps"
        yield calls.annotate(event)


def _model(turn: Turn) -> Model:
    provider = OpenAIProvider(base_url=turn.base_url, api_key=turn.api_key)
    kind = OpenAIResponsesModel if turn.api == "responses" else OpenAIChatModel
    return kind(turn.model, provider=provider)


def _tools(turn: Turn, calls: Calls) -> AbstractToolset[Any]:
    async def timed(context: RunContext[Any], call: CallToolFunc, name: str, arguments: dict[str, Any]) -> ToolResult:
        with calls.timed(context.tool_call_id) as noted:
            result = await call(name, arguments)
            noted["isError"] = False
            return result

    # A tool's error goes to the model, as in the server's own tool loop.
    tools = MCPToolset(turn.mcp_url, headers=turn.headers, tool_error_behavior="failed", process_tool_call=timed)
    return tools.filtered(lambda _context, tool: turn.offers(tool.name))


def _holds(agent: Agent[Any, Any], tools: AbstractToolset[Any]) -> bool:
    """Whether a function of the operator's gave the tools to its agent already."""
    return any(toolset is tools for toolset in agent.toolsets)
