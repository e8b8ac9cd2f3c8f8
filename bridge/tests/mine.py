"""What an operator may write: agents by name, copied into the folder of the tests' modules."""

from langchain.agents import create_agent
from pydantic_ai import Agent

ready = Agent(instructions="Mine.")
number = 7


@ready.tool_plain
def own_tool() -> str:
    """A tool of its own."""
    return "mine"


def made(model, tools):
    return Agent(model, toolsets=[tools], instructions="Made.")


async def graph(model, tools, middleware):
    return create_agent(model, tools, system_prompt="Of the graph.", middleware=middleware)
