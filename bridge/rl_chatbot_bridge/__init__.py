"""The worker of RL Chatbot that hosts the real Pydantic AI and LangGraph.

The server starts it (`python -m rl_chatbot_bridge`), asks it over HTTP on loopback, and stops it by closing its standard
input. It holds no state: every request carries the conversation, the model's address and the tools' address.
"""
