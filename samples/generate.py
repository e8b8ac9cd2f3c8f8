#!/usr/bin/env python3
"""Writes cases.json, the sample suite: `python3 samples/generate.py`.

The ways to ask of phrases.py x entities, drawn with a fixed seed. Templates of train, dev and test are disjoint; dev and
test also use entities (cities, topics, numbers) that train never sees. Expected numbers are computed here with exact
fractions, so they do not depend on the application's own calculator.
"""

import json
import math
import pathlib
import random
from fractions import Fraction

from phrases import CALCULATE, CALCULATE_DO, CITIES, ERRORS, FORMS, NO_TOOL, PEOPLE, SEARCH, TOPICS, WEATHER

random.seed(20)
SPLITS = ("train", "dev", "test")


def number(split):
    # Train uses numbers that do not end in 7, so dev and test have numbers never seen.
    while True:
        n = random.choice([random.randint(2, 20), random.randint(2, 99), random.randint(100, 999)])
        if split != "train" or n % 10 != 7:
            return n


def exact(value):
    """A decimal text without error, or None when there is no short one."""
    value = Fraction(value)
    for digits in range(5):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            text = str(abs(scaled.numerator)).rjust(digits + 1, "0")
            text = text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}"
            return f"-{text}" if value < 0 else text
    return None


def grouped(n):
    return f"{n:,}"


SMALL = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
         "eighteen nineteen").split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelled(n):
    """A whole number below a hundred in words."""
    if n < 20:
        return SMALL[n]
    tens, unit = divmod(n, 10)
    return TENS[tens - 2] + (f"-{SMALL[unit]}" if unit else "")


# Text of an expression that names a value, and the value.
VALUES = [
    lambda n: (f"{n.a} * {n.b}", n.a * n.b),
    lambda n: (f"{n.a} + {n.b}", n.a + n.b),
    lambda n: (f"{n.a * n.d} divided by {n.d}", n.a),
    lambda n: (f"{n.p}% of {n.b * 4}", Fraction(n.p * n.b * 4, 100)),
    lambda n: (f"{n.a} - {n.b}", n.a - n.b),
    lambda n: (f"{n.a} times {n.c}", n.a * n.c),
    lambda n: (f"{n.a} plus {n.b}", n.a + n.b),
    lambda n: (f"{n.a * n.d} / {n.d}", n.a),
    lambda n: (f"the square root of {n.d * n.d}", n.d),
    lambda n: (f"({n.a} + {n.b}) * {n.c}", (n.a + n.b) * n.c),
    lambda n: (f"{n.d} to the power of {n.e}", n.d**n.e),
    lambda n: (f"{n.a} minus {n.b}", n.a - n.b),
    lambda n: (f"{n.p} percent of {n.b * 2}", Fraction(n.p * n.b * 2, 100)),
    lambda n: (f"{n.a}*{n.b}", n.a * n.b),
    lambda n: (f"{n.d}^{n.e}", n.d**n.e),
    lambda n: (f"{exact(n.half)} + {n.c}", n.half + n.c),
    lambda n: (f"{n.a} multiplied by {n.c}", n.a * n.c),
    lambda n: (f"square root of {n.b * n.b}", n.b),
    lambda n: (f"the sum of {n.a} and {n.b}", n.a + n.b),
    lambda n: (f"{n.a}+{n.b}", n.a + n.b),
    lambda n: (f"{n.a * n.c} - {n.b} * {n.c}", n.a * n.c - n.b * n.c),
    lambda n: (f"{n.d} squared", n.d**2),
    lambda n: (f"{exact(n.half)} * {n.d}", n.half * n.d),
    lambda n: (f"sqrt({n.d * n.d})", n.d),
    lambda n: (f"{n.a} + {n.b} + {n.c}", n.a + n.b + n.c),
    lambda n: (f"{n.a * n.d}/{n.d}", n.a),
    lambda n: (f"the product of {n.a} and {n.c}", n.a * n.c),
    lambda n: (f"{spelled(n.d)} times {spelled(n.c)}", n.d * n.c),
    lambda n: (f"half of {n.a * 2}", n.a),
    lambda n: (f"{n.a} x {n.c}", n.a * n.c),
    lambda n: (f"the difference between {n.a + n.b} and {n.b}", n.a),
    lambda n: (f"{grouped(n.a * 1000)} / {n.e * 10}", Fraction(n.a * 100, n.e)),
    lambda n: (f"{spelled(n.d)} plus {spelled(n.c)}", n.d + n.c),
    lambda n: (f"{n.d} cubed", n.d**3),
    lambda n: (f"{n.p}% of {grouped(n.b * 100)}", n.p * n.b),
    lambda n: (f"{n.a} × {n.c}", n.a * n.c),
    lambda n: (f"{n.a * n.d} ÷ {n.d}", n.a),
    lambda n: (f"{n.c} * ({n.a} - {n.d})", n.c * (n.a - n.d)),
    lambda n: (f"the average of {n.a}, {n.a + 2} and {n.a + 4}", n.a + 2),
    lambda n: (f"{n.d}!" if n.d < 8 else f"{n.e + 2}!", math.factorial(n.d if n.d < 8 else n.e + 2)),
    lambda n: (f"{n.p}% off {n.b * 4}", n.b * 4 * Fraction(100 - n.p, 100)),
    lambda n: (f"${n.a} * {n.c}", n.a * n.c),
    lambda n: (f"{n.a} divided by {n.e * 2}", Fraction(n.a, n.e * 2)),
    lambda n: (f"the cube root of {n.d ** 3}", n.d),
    lambda n: (f"{n.a * n.c} over {n.c}", n.a),
    lambda n: (f"{spelled(n.a % 90 + 2)} minus {spelled(n.c)}", n.a % 90 + 2 - n.c),
    lambda n: (f"twice {n.a}", 2 * n.a),
    lambda n: (f"{n.a * 10 + 3} mod {n.c}", (n.a * 10 + 3) % n.c),
    lambda n: (f"{n.d} to the power {n.e}", n.d**n.e),
    lambda n: (f"{n.a} - {n.b} + {n.c}", n.a - n.b + n.c),
    lambda n: (f"a quarter of {n.a * 4}", n.a),
    lambda n: (f"{exact(n.half)} times {n.c}", n.half * n.c),
    lambda n: (f"max({n.a}, {n.b})", max(n.a, n.b)),
    lambda n: (f"the sum of {n.a}, {n.b} and {n.c}", n.a + n.b + n.c),
    lambda n: (f"{n.p} per cent of {n.a * 10}", Fraction(n.p * n.a, 10)),
    lambda n: (f"{n.a} + {n.b} * {n.c}", n.a + n.b * n.c),
    lambda n: (f"-{n.a} + {n.b}", n.b - n.a),
    lambda n: (f"2 ** {n.d}", 2**n.d),
    lambda n: (f"{spelled(n.c * n.e)} divided by {spelled(n.e)}", n.c),
    lambda n: (f"double {n.a}", 2 * n.a),
    lambda n: (f"{n.a * n.c}:{n.c}".replace(":", " / "), n.a),
    lambda n: (f"{n.a}-{n.b}", n.a - n.b),
    lambda n: (f"a third of {n.a * 3}", n.a),
    lambda n: (f"{n.d} raised to the power of {n.e}", n.d**n.e),
    lambda n: (f"√{n.d * n.d}", n.d),
    lambda n: (f"{n.a} plus {n.b} minus {n.c}", n.a + n.b - n.c),
    lambda n: (f"{n.c} times {n.a} plus {n.b}", n.c * n.a + n.b),
]

# Text of an expression that tells what to do, and the value.
TASKS = [
    lambda n: (f"add {n.a} to {n.b}", n.a + n.b),
    lambda n: (f"multiply {n.a} by {n.c}", n.a * n.c),
    lambda n: (f"divide {n.a * n.d} by {n.d}", n.a),
    lambda n: (f"subtract {n.c} from {n.a + 20}", n.a + 20 - n.c),
    lambda n: (f"add {n.a} and {n.b}", n.a + n.b),
    lambda n: (f"multiply {n.a} and {n.d}", n.a * n.d),
    lambda n: (f"increase {n.b * 20} by {n.p}%", n.b * 20 * Fraction(100 + n.p, 100)),
    lambda n: (f"take {n.c} from {n.b + 30}", n.b + 30 - n.c),
    lambda n: (f"reduce {n.b * 20} by {n.p}%", n.b * 20 * Fraction(100 - n.p, 100)),
    lambda n: (f"divide {n.a * n.c} by {spelled(n.c)}", n.a),
    lambda n: (f"multiply {exact(n.half)} by {n.c}", n.half * n.c),
    lambda n: (f"multiply {n.a} with {n.d}", n.a * n.d),
]


class Numbers:
    """Fresh numbers for one expression."""

    def __init__(self, split):
        self.a, self.b, self.c, self.d = number(split), number(split), random.randint(2, 9), random.randint(2, 12)
        self.e, self.p = random.randint(2, 4), random.choice([5, 10, 15, 20, 25, 30, 40, 50, 75])
        self.half = Fraction(random.randint(11, 99), 10)


def case(behaviour, split, index, text, calls, output, task_type, tag):
    return {
        "external_id": f"{behaviour}-{split}-{index:03}",
        "name": f"{behaviour.replace('_', ' ')}: {text}"[:80],
        "user_input": text,
        "expected_output": output,
        "expected_tools": [call["name"] for call in calls],
        "expected_calls": calls,
        "task_type": task_type,
        "suite": "samples",
        "tags": [behaviour, tag] if tag else [behaviour],
        "split": split,
    }


def call(name, **arguments):
    return [{"name": name, "arguments": arguments}]


def either(text):
    """The text, with or without the article it begins with."""
    bare = text.removeprefix("the ").removeprefix("a ")
    return text if bare == text else {"one_of": [bare, text]}


def drawn(kinds, index, split):
    """An expression of the next kind whose value can be written down."""
    while True:
        expression, value = kinds[index % len(kinds)](Numbers(split))
        if exact(value) is not None:
            return expression, exact(value)


def calculate_cases(split):
    offset, index = 5 * SPLITS.index(split), 0
    for templates, kinds in ((CALCULATE[split], VALUES), (CALCULATE_DO[split], TASKS)):
        for place, template in enumerate(templates):
            index += 1
            expression, output = drawn(kinds, place * 7 + offset if kinds is VALUES else place + offset, split)
            if split == "train" and index == 1:
                expression, output = "15 * 23", "345"
            if split == "train" and index == 3:
                expression, output = "100 divided by 4", "25"
            text = template.format(e=expression, do=expression)
            text = text if template not in ("{do}.", "{do}") or place % 2 else text[0].upper() + text[1:]
            yield case("calculate", split, index, text, call("calculate", expression=either(expression)), output,
                       "numeric", None)


def weather_cases(split):
    cities = CITIES[split]
    for index, template in enumerate(WEATHER[split]):
        # Templates outnumber the cities: the second round takes them in another order.
        city = cities[index % len(cities)] if index < len(cities) else cities[index * 7 % len(cities)]
        if template.startswith("{c}") and city.startswith("the "):
            city = city.removeprefix("the ")
        text = template.format(c=city)
        keyword = city.removeprefix("the ")
        yield case("weather", split, index + 1, text, call("get_weather", location=either(city)), keyword, "contains", None)


def search_cases(split):
    topics, people = TOPICS[split], PEOPLE[split]
    rounds = {"t": 0, "p": 0}
    for index, template in enumerate(SEARCH[split], 1):
        kind, pool = ("p", people) if "{p}" in template else ("t", topics)
        round_, place = divmod(rounds[kind], len(pool))
        topic = pool[(place * 7 + round_) % len(pool)] if round_ and len(pool) % 7 else pool[place]
        rounds[kind] += 1
        text = template.format(t=topic, p=topic)
        keyword = topic.removeprefix("the ").split(" of ")[-1].removeprefix("the ")
        yield case("search", split, index, text, call("search", query=either(topic)), keyword, "contains", None)


def error_cases(split):
    """Calls that fail: the reply has to say why."""
    for index, (text, expression) in enumerate(ERRORS[split], 1):
        yield case("error", split, index, text, call("calculate", expression=expression), "zero", "contains", None)


def no_tool_cases(split):
    index = 0
    for form, texts in NO_TOOL[split].items():
        for text in texts:
            index += 1
            yield case("no_tool", split, index, text, [], FORMS[form], "contains", form)


def main():
    makers = (calculate_cases, weather_cases, search_cases, error_cases, no_tool_cases)
    cases = [c for split in SPLITS for make in makers for c in make(split)]
    texts = [c["user_input"] for c in cases]
    repeated = {text for text in texts if texts.count(text) > 1}
    if repeated:
        raise SystemExit(f"said twice: {sorted(repeated)}")
    lines = ",\n".join("  " + json.dumps(c, ensure_ascii=False) for c in cases)
    path = pathlib.Path(__file__).with_name("cases.json")
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
