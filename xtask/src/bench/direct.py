# Turns per second of the openai client against a model that answers at once: base URL, threads, turns.
import sys, time
from concurrent.futures import ThreadPoolExecutor
from openai import OpenAI

base_url, threads, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
client = OpenAI(base_url=base_url, api_key="x")


def turn(_):
    answer = client.chat.completions.create(model="instant", messages=[{"role": "user", "content": "What is 15 * 23?"}])
    assert answer.choices[0].message.content == "345"


turn(0)
begun = time.perf_counter()
with ThreadPoolExecutor(threads) as pool:
    list(pool.map(turn, range(count)))
print(count / (time.perf_counter() - begun))
