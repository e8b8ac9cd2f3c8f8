"""`openai-agents`: its runner asks our model over both APIs, streamed and not, and calls our tools over MCP."""

import asyncio

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, set_tracing_disabled
from agents.mcp import MCPServerStreamableHttp
from openai import AsyncOpenAI

from recorded import QUESTION, URL, check


async def converse(rollout: str, api: type, streamed: bool) -> str:
    base = f"{URL}/g/{rollout}/0"
    client = AsyncOpenAI(base_url=f"{base}/v1", api_key="any")
    async with MCPServerStreamableHttp(params={"url": f"{base}/mcp"}) as tools:
        agent = Agent(name="calculator", model=api("local/builtin", openai_client=client), mcp_servers=[tools])
        if not streamed:
            return (await Runner.run(agent, QUESTION)).final_output
        result = Runner.run_streamed(agent, QUESTION)
        pieces = [
            event.data.delta
            async for event in result.stream_events()
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
        ]
        assert "".join(pieces) == result.final_output, pieces
        return result.final_output


async def main() -> None:
    set_tracing_disabled(True)
    for api in (OpenAIChatCompletionsModel, OpenAIResponsesModel):
        for streamed in (False, True):
            rollout = f"openai-agents-{api.__name__}-{streamed}"
            check(rollout, await converse(rollout, api, streamed))


if __name__ == "__main__":
    asyncio.run(main())
