#!/usr/bin/env python3
"""Writes cases.json, the sample suite: `python3 samples/generate.py`.

Templates x entities, drawn with a fixed seed. Templates of train, dev and test are disjoint; dev and test also use
entities (cities, topics, numbers) that train never sees. Expected numbers are computed here with exact fractions, so they
do not depend on the application's own calculator.
"""

import json
import pathlib
import random
from fractions import Fraction

random.seed(20)

# --- calculate ----------------------------------------------------------------------------------------------------------
CALCULATE = {
    "train": [
        "What is {e}?", "What is {e}?", "Calculate {e}", "Calculate {e}", "Compute {e}", "What's {e}?", "How much is {e}?",
        "Please calculate {e}.", "Can you calculate {e}?", "{e}", "{e} = ?", "Work out {e}", "Solve {e}",
        "What does {e} equal?", "Tell me the result of {e}", "I want to know {e}", "please compute {e} for me",
        "Evaluate {e}.", "What would {e} be?", "Help me with {e}", "{e}, what is that?", "Find {e}",
        "and what about {e}?", "Do you know {e}?", "Let's calculate {e} now", "So how much does {e} make?",
        "I am stuck on my homework: {e}", "The answer to {e}, please", "Could you calculate {e} please?",
        "We have to pay {e} euros, how much is that?", "calc {e}", "Hi! What is {e}?", "Is {e} more than a hundred?",
        "In maths class they asked for {e}", "Use the calculator: {e}", "what do you think {e} gives?",
        "Add it up for me: {e}", "I think {e} is a lot, but how much?", "Result of {e}?", "whats {e}",
        "Take {e} and tell me the result", "{e}?", "What is the outcome of {e}?", "this one: {e}",
        "Please find out how much {e} is", "I have to compute {e}", "double-check {e}", "Would {e} be correct?",
        "The teacher wants {e}", "Let me have {e}", "Type {e} into the calculator", "how much money is {e} dollars?",
        "hello, calculate {e}", "A friend asked me what {e} is", "now {e}", "Multiply it out: {e}",
        "Simple arithmetic: {e}, what comes out?", "Is it true that {e} is even?", "Total of {e}", "Sum: {e}",
        "My homework says {e}. What should I write?", "Could you do the sum {e}?", "Do you happen to know what {e} makes?",
        "I wonder how much {e} is", "please {e}", "What number is {e}?", "Quick question, {e}?",
        "Hey, work out {e} for me please", "The invoice says {e}, what is the amount?", "We split the price: {e}",
        "maths: {e}", "Tell me quickly: {e}", "Can somebody calculate {e}?", "and {e}?", "So, {e} equals what?",
        "I got lost at {e}, help", "Check my result of {e}", "How big is {e}?", "What is the value if I take {e}?",
        "Would you compute {e}?", "I must know what {e} comes out as", "{e} please", "Give the answer of {e} to me",
        "Evaluate the expression {e} now", "If I have {e} apples, how many are there?",
    ],
    "dev": ["Could you work out {e}?", "Figure out {e} please", "{e} equals?", "Let me know the value of {e}"],
    "test": [
        "Please tell me what {e} is", "What do I get for {e}?", "Can you help me compute {e}?", "I would like the value of {e}",
        "{e} makes what?", "Try to solve {e}", "how much would {e} be", "Say, what is {e}?", "Next question: {e}",
        "Determine {e}.",
    ],
}


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


KINDS = [
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
    lambda n: (f"{n.a}+{n.b}", n.a + n.b),
    lambda n: (f"{n.a * n.c} - {n.b} * {n.c}", n.a * n.c - n.b * n.c),
    lambda n: (f"{n.d} squared", n.d**2),
    lambda n: (f"{exact(n.half)} * {n.d}", n.half * n.d),
    lambda n: (f"sqrt({n.d * n.d})", n.d),
    lambda n: (f"{n.a} + {n.b} + {n.c}", n.a + n.b + n.c),
    lambda n: (f"{n.a * n.d}/{n.d}", n.a),
]


class Numbers:
    """Fresh numbers for one expression."""

    def __init__(self, split):
        self.a, self.b, self.c, self.d = number(split), number(split), random.randint(2, 9), random.randint(2, 12)
        self.e, self.p = random.randint(2, 4), random.choice([5, 10, 15, 20, 25, 30, 40, 50, 75])
        self.half = Fraction(random.randint(11, 99), 10)


# --- weather ------------------------------------------------------------------------------------------------------------
WEATHER = {
    "train": [
        "What's the weather in {c}?", "What's the weather in {c}?", "What is the weather like in {c}?", "Weather in {c}",
        "How is the weather in {c} today?", "Is it raining in {c}?", "Is it warm in {c}?", "Tell me the weather in {c}",
        "What is the temperature in {c}?", "{c} weather", "Check the weather for {c}", "Get the current weather for {c}",
        "weather forecast for {c}", "Is it sunny in {c} today?", "How cold does it get in {c}?",
        "Please show me the weather of {c}", "Do you know how warm {c} is today?", "Can I wear shorts in {c} today?",
        "What should I wear in {c}?", "Does it snow in {c}?", "I'm travelling to {c}. How is the weather?",
        "I will be in {c} tomorrow, will it be windy?", "What are the conditions in {c}?", "current temperature {c}",
        "how humid is it in {c}", "Is there a storm near {c}?", "What's the forecast for {c} this week?",
        "Will I need a jacket in {c}?", "Hello, what is the weather in {c} like?", "Are there clouds over {c}?",
        "we are going to {c} for a holiday, is the weather nice there?", "Temperature in {c}, please",
        "Is {c} hot at the moment?", "whats the weather for {c}", "Could it be foggy around {c} now?",
        "Give the weather at {c}", "My sister lives in {c}. Is it freezing there?", "Rain or sun in {c}?",
        "Is it going to be sunny in {c}?", "How much rain is there in {c}?", "Do people in {c} need sunglasses today?",
        "Weather update for {c}", "{c}: weather?", "Will there be thunder in {c}?", "Tell me if it is raining in {c}",
        "I wonder whether it snows in {c}", "Is it too hot in {c} to go running?", "how are the temperatures in {c}",
        "What clothes do I need in {c}?", "Can we have a picnic in {c}?", "I live in {c}, is it icy?",
        "In {c}, is it wet or dry?", "Are the skies blue above {c}?", "What are the weather conditions for {c}?",
        "Look up the weather in {c}", "Search the weather for {c}", "Could you show the temperature of {c}?",
        "Do I have to wear gloves in {c}?", "Is a raincoat necessary in {c}?", "{c}, is it cold?",
        "How many degrees does {c} have at noon?", "Is an umbrella a good idea in {c}?", "Do I need sunscreen in {c}?",
        "Shall I put on boots and a scarf in {c}?", "Is there frost in {c}?", "I fly to {c} on Sunday, what weather awaits me?",
        "Does the sun come out in {c}?", "Can I go swimming outside in {c} today?", "Tell me how hot it is in {c}",
        "please check whether it drizzles in {c}", "What temperature do they have in {c} now?", "How is it outside in {c}?",
        "Is there a heat wave in {c}?", "We are driving to {c}, will the roads be icy?", "I need the weather for {c} please",
        "Do you have a weather report for {c}?", "meteo {c}", "Is {c} sunny or cloudy?", "Good day for the beach in {c}?",
        "humidity in {c}?", "Which weather does {c} have?", "Bring a hat to {c} or not?",
        "My flight goes to {c}; what is the forecast there?", "Are there strong winds in {c}?",
        "hi, how's {c} weather-wise?",
    ],
    "dev": ["How warm is {c} right now?", "Show the weather for {c}", "Is it stormy in {c}?", "weather {c} today"],
    "test": [
        "How's the weather in {c}?", "Can you tell me what the weather in {c} is?", "Is it snowing in {c}?",
        "I'm in {c}, what temperature is it?", "Please get me the forecast for {c}", "Any rain in {c} today?",
        "Let me know the weather in {c}", "Is the weather good in {c}?", "current weather {c}", "How windy is {c}?",
    ],
}
CITIES = {
    "train": [
        "New York", "Paris", "San Francisco", "Tokyo", "Rio de Janeiro", "London", "Berlin", "Los Angeles", "Mumbai",
        "Mexico City", "Sydney", "Cairo", "St. Petersburg", "Rome", "Hong Kong", "Toronto", "New Delhi", "Madrid",
        "Amsterdam", "Las Vegas", "Moscow", "Seoul", "Tel Aviv", "Chicago", "Bangkok", "Santiago de Chile", "Athens",
        "San Diego", "Helsinki", "Boston", "Port of Spain", "Warsaw", "Kyoto", "munich", "sao paulo", "Lima", "Zurich",
        "Addis Ababa",
        "Barcelona", "Santa Fe", "Jakarta", "Nuuk", "Kansas City", "El Paso", "La Paz", "Manila", "bogota", "Singapore",
        "Hanoi", "Geneva", "Cologne", "Baden-Baden", "Palm Springs", "Guatemala City", "Frankfurt am Main", "Beijing",
        "tunis", "Riga", "Milan", "Perth",
        "Oaxaca", "Rotterdam", "San Juan", "Delhi", "Kabul", "Tallinn", "Saint Lucia", "Long Beach", "Sofia", "Krakow",
        "Taipei", "Marrakesh", "Houston", "Winnipeg", "Porto", "Lyon", "vancouver", "Zagreb", "Santa Cruz", "Dakar",
        "Belgrade", "Key West", "Johannesburg", "Wellington", "Monaco",
    ],
    "dev": ["Hamburg", "Washington", "Panama City", "Osaka"],
    "test": [
        "Stockholm", "New Orleans", "Prague", "Dar es Salaam", "Budapest", "San Antonio", "Istanbul", "Quito", "Melbourne",
        "copenhagen",
    ],
}

# --- search -------------------------------------------------------------------------------------------------------------
SEARCH = {
    "train": [
        "Search for {t}", "Search for {t}", "Find information about {t}", "Find information about {t}", "Look up {t}",
        "Tell me about {t}", "Go and search {t}", "search the web for {t}", "I need information on {t}", "Find out about {t}",
        "Find articles about {t}", "What can you find about {t}?", "Give me information about {t}", "Look for {t}",
        "Research {t} for me", "Can you search for {t}?", "Please find details on {t}", "Do a search on {t}",
        "Where can I read about {t}?", "Describe {t}", "I would like to know more about {t}", "How does {t} work?",
        "Search online for {t}, please", "Could you find some facts on {t}?", "Hi, search for {t}", "What is {t}?",
        "What is {t}?", "What are {t}?", "What was {t}?", "what does the index say about {t}?",
        "Read me something on {t}", "Can I get an overview of {t}?", "A short summary of {t}, please",
        "Fetch documents about {t}", "Is there an article about {t}?", "I am writing an essay about {t}",
        "Teach me about {t}", "My son asks what {t} is", "Lookup {t}", "find {t} in the documents",
        "query the index for {t}", "Let's read about {t}", "Which documents mention {t}?", "Why is {t} important?",
        "Where does {t} come from?", "What is the meaning of {t}?", "Define {t}", "tell me something interesting about {t}",
        "Inform me about {t}", "Search for {t}, please", "Is anything known about {t}?",
        "I am interested in {t}", "Explain {t} in simple words", "Can you explain what {t} is?", "I have to study {t}",
        "Could you give me some background on {t}?", "What is so special about {t}?", "details of {t}", "{t} information",
        "Help me understand {t}", "What would an encyclopedia say about {t}?", "Let me learn something about {t}",
        "I never understood {t}", "What happened in {t}?", "Which facts are there on {t}?", "How did {t} begin?",
        "Do research about {t}", "Got any material on {t}?", "I am looking for texts about {t}", "Have a look for {t}",
        "How would you describe {t}?", "We talk about {t} at school, what should I know?", "Please read up on {t}",
        "Show articles that deal with {t}", "find {t}", "What do people know of {t}?",
        "Who was {p}?", "Who was {p}?", "Who is {p}?", "Tell me who {p} was", "What did {p} do?", "Find {p}",
        "I heard about {p} yesterday. Who is that?", "Give me a biography of {p}",
        "Who on earth was {p}?", "Why is {p} famous?", "When did {p} live?", "Show the life of {p}",
        "What is {p} known for?", "Can you tell me who {p} is?", "Information about {p}, please", "Was {p} a scientist?",
    ],
    "dev": ["Search information on {t}", "Look {t} up", "What's {t}?", "Who's {p}?"],
    "test": [
        "Please search for {t}", "Find me something about {t}", "Could you look up {t}?", "Run a search for {t}",
        "I need to know about {t}", "Get information about {t}", "What exactly is {t}?", "Do you know anything about {t}?",
        "Do you know who {p} was?", "search: {t}",
    ],
}
TOPICS = {
    "train": [
        "the history of Rust", "reinforcement learning", "the Eiffel Tower", "Python programming", "climate change",
        "the solar system", "the Roman Empire", "neural networks", "coffee", "the moon landing", "electric cars",
        "WebAssembly", "the periodic table", "gravity", "the theory of relativity", "dinosaurs", "the Rust programming language",
        "chess openings", "vaccines", "the speed of light", "DNA", "solar energy", "the Pacific Ocean", "tantivy",
        "the Olympic Games", "blockchain", "the Linux kernel", "earthquakes", "the Cold War", "tea",
        "JavaScript", "the C programming language", "BM25 ranking", "exploration and exploitation", "large language models",
        "evolution", "blorptang", "water", "Mars", "capitals of Europe", "flimsomania", "zorblatt",
        "the Industrial Revolution", "capitals of Asia", "PPO", "water", "the Second World War", "coffee", "quuxification",
        "Xyzzyland", "gravity", "neural networks",
        "the solar system", "DNA", "blockchain", "Mars", "evolution", "electric cars", "the Eiffel Tower", "dinosaurs",
        "the speed of light", "climate change", "chess openings", "WebAssembly", "the Cold War", "coffee",
        "the Industrial Revolution", "grobnatz", "the moon landing", "vaccines", "the periodic table", "earthquakes",
        "the Roman Empire", "large language models", "the Pacific Ocean", "Python programming", "solar energy",
    ],
    "dev": ["the human heart", "the Amazon river", "SQLite"],
    "test": [
        "the history of the internet", "plate tectonics", "honey bees", "the Renaissance", "game theory", "PostgreSQL",
        "the water cycle", "bread baking", "Q-learning", "the stock market",
    ],
}
PEOPLE = {
    "train": ["Ada Lovelace", "Alan Turing", "Albert Einstein", "Graydon Hoare", "Leonardo da Vinci", "Isaac Newton",
              "Cleopatra", "Charles Darwin", "Isaac Newton", "Ada Lovelace", "Albert Einstein", "Leonardo da Vinci", "Charles Darwin", "Alan Turing", "Cleopatra", "Graydon Hoare"],
    "dev": ["Nikola Tesla"],
    "test": ["Grace Hopper", "Johannes Kepler"],
}

# --- a tool that fails ---------------------------------------------------------------------------------------------------
ERRORS = {
    "train": [("Calculate 5 / 0 for me", "5 / 0"), ("What is 12 divided by 0, then?", "12 divided by 0"),
              ("I ask for 7/0", "7/0"), ("The result of 81 / 0?", "81 / 0")],
    "dev": [("So, what of 3 / 0, then?", "3 / 0")],
    "test": [("Try 90 divided by 0", "90 divided by 0")],
}

# --- no tool: form of the reply -> what people say ----------------------------------------------------------------------
FORMS = {"greeting": "Hello", "thanks": "welcome", "farewell": "Goodbye", "about": "neural network", "cannot": "not able"}
NO_TOOL = {
    "train": {
        "greeting": ["Hello, how are you?", "Hello", "Hi!", "Hi there", "Good morning!", "hey", "Good afternoon",
                     "How are you doing?", "Nice to see you", "Hello my friend", "Greetings", "how is it going?",
                     "Hi, how are you today?", "Pleased to meet you", "sup",
                     "Hello again", "Good day", "Howdy", "How do you do?", "hi hi", "Hello, is anyone there?",
                     "How have you been?", "What's new?", "How was your day?", "Long time no see", "Glad to meet you",
                     "Hey, good morning", "hiya", "How is life?", "Hello hello", "Morning!",
                     "Are you all right?", "Hey buddy", "What is going on?", "How are things today?", "It is good to be here",
                     "Hello, nice day today, isn't it?", "Hi, I am Anna", "hello there my dear", "I am back",
                     "Good to see you again", "Everything fine?"],
        "thanks": ["Thank you", "Thanks!", "Thank you very much for your help", "thanks a lot", "Great job, thank you!",
                   "That was helpful", "I am grateful", "Cheers, that helps", "Perfect, thanks", "Well done!",
                   "thx", "Thank you kindly", "Much obliged", "Awesome, thank you", "That is exactly what I needed",
                   "Nice work", "Good answer", "You have been a great help", "Very kind of you", "I really like that, thanks",
                   "Brilliant", "Excellent, that was quick", "Many thanks to you", "You are great", "Thanks, that is all I wanted",
                   "Thanks for that", "Thanks again", "I owe you one", "That helped me a lot", "What a good answer",
                   "Super, thank you", "I am thankful for the support", "That was a perfect reply", "Cool, thanks mate",
                   "Lovely, thanks", "You did well", "Wonderful work"],
        "farewell": ["Goodbye", "Bye!", "See you later", "Good night", "bye bye", "Talk to you soon", "I am leaving now",
                     "Have a nice day", "Farewell", "Until next time, take it easy",
                     "I must leave", "So long", "Good night, sleep well", "Catch you later", "That's all for today", "I'm off",
                     "Ciao", "Bye for now", "See you on Monday", "We will talk again", "Have a great weekend",
                     "I am done for today", "Goodbye my friend", "See you next week", "I will go to bed now",
                     "I need to leave", "Until later", "See you around", "Bye, have fun", "Time to say goodbye",
                     "I am going home", "Okay bye", "Good bye then", "Let's stop here", "We are finished for today, bye",
                     "I have got to run", "See you tonight"],
        "about": ["Who are you?", "What can you do?", "What is your name?", "How do you work?", "Are you a robot?",
                  "Introduce yourself", "What are your abilities?", "Can you help me?", "Are you a human?",
                  "What tools do you have?", "Describe yourself", "Which things are you able to do?",
                  "What is this?", "Which model are you?", "Who made you?", "How were you trained?", "What are you good at?",
                  "What do you know?", "Do you have a name?", "Are you a person or a machine?", "Explain what you do",
                  "How can you help me?", "help", "What can I ask you?", "What questions do you answer?", "Are you ChatGPT?",
                  "what are your skills", "Tell me who you are", "Can you do more than this?", "Do you understand me?",
                  "What kind of program is this?", "I would like to know what you can do",
                  "Are you real?", "What sort of thing are you?", "Say something about yourself", "Do you have feelings?",
                  "How old are you?", "Where do you come from?", "What are you?", "Can you think?", "Who built you and why?",
                  "List your functions", "What are you able to help with?", "In which ways can you support me?"],
        "cannot": ["Play some music", "Set an alarm for 7 am", "Turn off the lights", "Order a pizza", "Send a message to Anna",
                   "Call my mother", "Open the garage door", "Buy me new shoes", "Write a poem about love",
                   "Translate good morning into French", "Book a flight to London", "Remind me to drink water",
                   "Draw a picture of a cat", "Post this on my blog", "Please reserve a hotel room",
                   "Tell me a joke", "Sing a song", "Schedule a meeting for Monday", "Delete my files", "Make me a sandwich",
                   "Record a video", "Drive me to the airport", "Print this document", "Download the latest movie",
                   "Pay my electricity bill", "Take a photo", "Clean my room", "Fix my computer", "Feed the dog",
                   "Water the plants", "Start a timer for ten minutes", "Change the channel", "Lock the car",
                   "Write a letter to my landlord", "Compose an essay on freedom", "Rent a bike for me",
                   "Cancel my subscription", "Add milk to my shopping list", "Text my brother that I am late",
                   "Can you call a doctor?", "Please switch the heating on", "Buy tickets for the concert",
                   "Wake me up at six", "Read my mail to me", "Could you cook dinner?",
                   "Please book a restaurant", "Reserve two seats in the cinema", "Write a song", "Write me a story",
                   "Send a letter to my teacher", "Mail this to my colleague", "Order flowers for my wife", "Turn the volume up",
                   "Install an app on my phone", "Show me a picture of a dog", "Take notes in my meeting", "Set the table",
                   "Put this in my calendar", "Make a phone call", "Unlock the door", "Translate this page", "Invest my money",
                   "Please wash my clothes", "Create a video about cats", "Play chess with me"],
    },
    "dev": {"greeting": ["Hello there!"], "thanks": ["Many thanks"], "farewell": ["See you soon"],
            "about": ["Tell me what you can do"], "cannot": ["Play a song by Queen"]},
    "test": {
        "greeting": ["Hi, good to see you!", "Good evening", "Hey, how are things?"],
        "thanks": ["Thank you so much!", "Thanks for the help"],
        "farewell": ["Bye, see you!", "Good night and goodbye"],
        "about": ["What is it that you can do?", "Who or what are you?", "Are you an AI?"],
        "cannot": ["Turn on the radio", "Send an email to Peter", "Order me a taxi"],
    },
}


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


def calculate_cases(split):
    for index, template in enumerate(CALCULATE[split], 1):
        expression, value = KINDS[(index * 3 + len(split)) % len(KINDS)](Numbers(split))
        output = exact(value)
        if split == "train" and index == 1:
            expression, output = "15 * 23", "345"
        if split == "train" and index == 3:
            expression, output = "100 divided by 4", "25"
        text = template.format(e=expression)
        bare = expression.removeprefix("the ")
        wanted = expression if bare == expression else {"one_of": [bare, expression]}
        yield case("calculate", split, index, text, call("calculate", expression=wanted), output, "numeric", None)


def weather_cases(split):
    for index, (template, city) in enumerate(zip(WEATHER[split], CITIES[split], strict=True), 1):
        yield case("weather", split, index, template.format(c=city), call("get_weather", location=city), city, "contains", None)


def search_cases(split):
    topics, people = iter(TOPICS[split]), iter(PEOPLE[split])
    for index, template in enumerate(SEARCH[split], 1):
        topic = next(people) if "{p}" in template else next(topics)
        bare = topic.removeprefix("the ").removeprefix("a ")
        wanted = topic if bare == topic else {"one_of": [topic, bare]}
        text = template.format(t=topic, p=topic)
        keyword = bare.split(" of ")[-1].removeprefix("the ")
        yield case("search", split, index, text, call("search", query=wanted), keyword, "contains", None)


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
    cases = [
        c
        for split in ("train", "dev", "test")
        for make in (calculate_cases, weather_cases, search_cases, error_cases, no_tool_cases)
        for c in make(split)
    ]
    lines = ",\n".join("  " + json.dumps(c, ensure_ascii=False) for c in cases)
    path = pathlib.Path(__file__).with_name("cases.json")
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
