"""Serves on a free port of loopback until standard input ends, which it does when the server stops or dies."""

import json
import logging
import os
import socket
import sys
import threading

import uvicorn

from .app import application

SECRET = "RL_CHATBOT_BRIDGE_SECRET"
GRACE_S = 3


def main() -> None:
    """Listens, says where on standard output, and serves."""
    secret = os.environ.pop(SECRET, "")
    if not secret:
        sys.exit(f"{SECRET} is not set: the server starts this program")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application(secret), lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=GRACE_S
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    server.run(sockets=[listener])


def _stop_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True
    # A framework that does not let go must not outlive the server.
    threading.Event().wait(2 * GRACE_S)
    os._exit(0)


if __name__ == "__main__":
    main()
