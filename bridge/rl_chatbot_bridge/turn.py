"""What one request asks for, and what is noted of its tool calls."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from ag_ui.core import BaseEvent, EventType
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Turn(BaseModel):
    """The `forwardedProps` of a request: which model, which tools, how to ask."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    model: str = Field(min_length=1, max_length=300)
    base_url: str
    api_key: str = Field(repr=False)
    mcp_url: str
    api: Literal["chat", "responses"] = "chat"
    temperature: float = Field(ge=0, le=2)
    system_prompt: str | None = None
    entry: str = Field(default="", max_length=200)
    """`module:attribute` of an agent of the operator's own; empty = the default one."""
    tools: frozenset[str] | None = None
    """Names of the tools on offer; `None` = all."""
    max_steps: int = Field(ge=1, le=1000)

    @property
    def headers(self) -> dict[str, str]:
        """What the tools' address asks for."""
        return {"Authorization": f"Bearer {self.api_key}"}

    def offers(self, tool: str) -> bool:
        """Whether the tool is on offer."""
        return self.tools is None or tool in self.tools


class Calls:
    """How long each tool call took and whether it failed: AG-UI has no fields of its own for either."""

    def __init__(self) -> None:
        self._noted: dict[str, dict[str, Any]] = {}

    @contextmanager
    def timed(self, call_id: str | None) -> Iterator[dict[str, Any]]:
        """Times a call; an exception is a failed call."""
        noted: dict[str, Any] = {"isError": True}
        started = time.monotonic()
        try:
            yield noted
        finally:
            noted["durationMs"] = int((time.monotonic() - started) * 1000)
            if call_id is not None:
                self._noted[call_id] = noted

    def annotate(self, event: BaseEvent) -> BaseEvent:
        """The event; a call's result with what was noted as its `metadata`."""
        if event.type == EventType.TOOL_CALL_RESULT and event.tool_call_id in self._noted:
            event.metadata = {**(event.metadata or {}), **self._noted[event.tool_call_id]}
        return event


class NotConfigured(Exception):
    """Something the operator has to set; told as it is."""


class StepLimit(Exception):
    """The model was asked as often as it may be."""
