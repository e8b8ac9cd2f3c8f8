# The shared cases with inspect-ai: base URL, file of cases, how many at once. Prints right, seconds, peak KiB.
import json, os, resource, sys, time

os.environ["INSPECT_DISPLAY"] = "none"
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import get_model
from inspect_ai.scorer import exact
from inspect_ai.solver import generate

base_url, cases, at_once = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
samples = [Sample(input=case["user_input"], target=case["expected_output"]) for case in cases]
task = Task(dataset=samples, solver=generate(), scorer=exact())
model = get_model("openai/instant", base_url=base_url, api_key="x", responses_api=False)
begun = time.perf_counter()
[log] = eval(task, model=model, max_connections=at_once, max_samples=at_once, log_dir="inspect-logs")
seconds = time.perf_counter() - begun
right = sum(sample.scores["exact"].value == "C" for sample in log.samples)
print(right, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
