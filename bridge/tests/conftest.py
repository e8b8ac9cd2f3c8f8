"""The worker as the server starts it, and a scripted server with a model and tools beside it."""

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from scripted import ScriptedServer

SECRET = "a secret of the tests"


class Worker:
    """The worker as a process."""

    def __init__(self, modules: Path):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "RL_CHATBOT_BRIDGE_SECRET": SECRET,
            "RL_CHATBOT_BRIDGE_MODULES": str(modules),
        }
        command = [sys.executable, "-m", "rl_chatbot_bridge"]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def ask(self, path, body=None, secret=SECRET):
        """The status and the body of an answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def events(self, path, body):
        """The events of a run."""
        status, text = self.ask(path, body)
        assert status == 200, text
        return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line]


@pytest.fixture(scope="session")
def worker(tmp_path_factory):
    modules = tmp_path_factory.mktemp("modules")
    (modules / "mine.py").write_text(Path(__file__).with_name("mine.py").read_text())
    worker = Worker(modules)
    yield worker
    worker.process.stdin.close()
    assert worker.process.wait(timeout=30) == 0


@pytest.fixture
def scripted():
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
