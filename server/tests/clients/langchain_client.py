"""`langchain-openai` and `langchain-mcp-adapters`: an agent on our model over both APIs, streamed and not, with our tools."""

import asyncio

from langchain.agents import create_agent
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_openai import ChatOpenAI

from recorded import QUESTION, URL, check


async def converse(rollout: str, responses: bool, streamed: bool) -> str:
    base = f"{URL}/g/{rollout}/0"
    tools = MultiServerMCPClient({"shared": {"transport": "streamable_http", "url": f"{base}/mcp"}})
    model = ChatOpenAI(
        model="local/builtin", base_url=f"{base}/v1", api_key="any", use_responses_api=responses, streaming=streamed
    )
    agent = create_agent(model, await tools.get_tools())
    asked = {"messages": [{"role": "user", "content": QUESTION}]}
    if not streamed:
        return (await agent.ainvoke(asked))["messages"][-1].text
    pieces = [
        message.text
        async for message, _ in agent.astream(asked, stream_mode="messages")
        if message.type == "AIMessageChunk"
    ]
    return "".join(pieces)


async def main() -> None:
    for responses in (False, True):
        for streamed in (False, True):
            rollout = f"langchain-{responses}-{streamed}"
            check(rollout, await converse(rollout, responses, streamed))


if __name__ == "__main__":
    asyncio.run(main())
