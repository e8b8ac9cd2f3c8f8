"""The official `mcp` client: handshake, list, calls that work, fail and do not exist."""

import asyncio

from mcp import ClientSession, McpError
from mcp.client.streamable_http import streamablehttp_client

from recorded import URL, recorded


async def main() -> None:
    async with streamablehttp_client(f"{URL}/g/mcp-client/0/mcp") as (read, write, _), ClientSession(read, write) as tools:
        hello = await tools.initialize()
        assert (hello.serverInfo.name, hello.protocolVersion) == ("rl-chatbot", "2025-11-25"), hello
        names = [tool.name for tool in (await tools.list_tools()).tools]
        assert names == sorted(names) and "calculate" in names, names
        right = await tools.call_tool("calculate", {"expression": "15 * 23"})
        assert (right.isError, right.content[0].text) == (False, "345"), right
        wrong = await tools.call_tool("calculate", {"expression": "1 / 0"})
        assert wrong.isError and wrong.content[0].text.startswith("Error: "), wrong
        try:
            await tools.call_tool("teleport", {})
            raise AssertionError("a tool that does not exist was called")
        except McpError as error:
            assert "calculate" in error.error.message, error
    assert [call["model"] for call in recorded("mcp-client")] == ["calculate", "calculate"]


if __name__ == "__main__":
    asyncio.run(main())
