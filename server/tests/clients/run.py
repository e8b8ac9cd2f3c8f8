"""Starts the program in a folder of its own and runs every client script against it: run.py path/to/rl-chatbot"""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SCRIPT_SECONDS_MAX = 120


def main() -> int:
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [program, "serve"], cwd=folder, env={"PORT": "0"}, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        try:
            # The program says where it listens in its first line, and nothing before it listens.
            address = server.stdout.readline().strip().rsplit(" ", 1)[-1].rstrip("/")
            results = [run(script, address) for script in sorted(HERE.glob("*_client.py"))]
        finally:
            server.terminate()
            server.wait()
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


def run(script: pathlib.Path, address: str) -> bool:
    environment = {"PATH": os.environ["PATH"], "RL_CHATBOT_URL": address, "OPENAI_AGENTS_DISABLE_TRACING": "1"}
    try:
        done = subprocess.run(
            [sys.executable, script],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SCRIPT_SECONDS_MAX,
        )
        passed, said = done.returncode == 0, done.stdout
    except subprocess.TimeoutExpired as late:
        passed, said = False, f"no end after {SCRIPT_SECONDS_MAX} s\n{late.stdout or ''}"
    print(f"{'ok' if passed else 'FAILED'} {script.stem}")
    if not passed:
        print(said)
    return passed


if __name__ == "__main__":
    sys.exit(main())
