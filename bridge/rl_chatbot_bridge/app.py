"""The worker's HTTP face: one path a framework, and `/health`. Every request carries the secret of the process."""

import hmac
import importlib
import logging
import platform
from collections.abc import AsyncIterator
from importlib.metadata import version

from ag_ui.core import RunAgentInput, RunErrorEvent
from ag_ui.encoder import EventEncoder
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from .turn import NotConfigured, Turn

BODY_BYTES_MAX = 16 * 1024 * 1024
PACKAGES = ("pydantic-ai-slim", "langgraph", "langchain", "ag-ui-protocol", "ag-ui-langgraph", "mcp", "openai")
# Imported when first asked for: each takes seconds and some hundred megabytes.
FRAMEWORKS = {"pydantic_ai": "pydantic_agents", "langgraph": "langgraph_agents"}

log = logging.getLogger(__package__)


def application(secret: str) -> Starlette:
    """The application; it answers only requests that carry `secret`."""
    expected = f"Bearer {secret}".encode()

    def guarded(answer):
        async def handler(request: Request) -> Response:
            if not hmac.compare_digest(request.headers.get("authorization", "").encode(), expected):
                return _refused(401, "the request does not carry the secret of this process")
            return await answer(request)

        return handler

    runs = [Route(f"/{name}", guarded(_run(module)), methods=["POST"]) for name, module in FRAMEWORKS.items()]
    return Starlette(routes=[Route("/health", guarded(_health)), *runs])


async def _health(_request: Request) -> Response:
    versions = {package: version(package) for package in PACKAGES}
    return JSONResponse({"status": "healthy", "versions": {"python": platform.python_version(), **versions}})


def _run(module: str):
    async def handler(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_BYTES_MAX:
                return _refused(413, f"the request is larger than {BODY_BYTES_MAX} bytes")
        try:
            run_input = RunAgentInput.model_validate_json(bytes(body))
            turn = Turn.model_validate(run_input.forwarded_props)
        except ValidationError as error:
            return _refused(422, str(error.errors(include_url=False, include_input=False, include_context=False)))
        # The frameworks have no business with the keys.
        run_input = run_input.model_copy(update={"forwarded_props": {}})
        return StreamingResponse(_told(module, turn, run_input), media_type="text/event-stream")

    return handler


async def _told(module: str, turn: Turn, run_input: RunAgentInput) -> AsyncIterator[str]:
    """The turn's events as server-sent events; whatever goes wrong is the last of them."""
    encoder = EventEncoder()
    try:
        framework = importlib.import_module(f".{module}", __package__)
        async for event in framework.run(turn, run_input):
            yield encoder.encode(event)
    except NotConfigured as error:
        yield encoder.encode(RunErrorEvent(message=str(error), code="not_configured"))
    except Exception as error:
        log.warning("a turn failed: %s", type(error).__name__)
        yield encoder.encode(RunErrorEvent(message=_sentence(error)))


def _sentence(error: BaseException) -> str:
    """The innermost error of a group: that is where something happened."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status_code=status)
