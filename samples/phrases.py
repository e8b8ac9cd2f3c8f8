"""What people say, for generate.py: one way to ask per line. Templates of train, dev and test are disjoint.

`{e}` is an expression that names a value ("15 * 23", "the sum of 3 and 4"), `{do}` one that tells what to do ("add 3 to 4"),
`{c}` a place, `{t}` a topic, `{p}` a person.
"""


def lines(text):
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


# --- calculate ----------------------------------------------------------------------------------------------------------
CALCULATE = {
    "train": lines("""
        What is {e}?
        What is {e}?
        Calculate {e}
        Calculate {e}
        Compute {e}
        What's {e}?
        How much is {e}?
        Please calculate {e}.
        Can you calculate {e}?
        {e}
        {e} = ?
        Work out {e}
        Solve {e}
        What does {e} equal?
        Tell me the result of {e}
        I want to know {e}
        please compute {e} for me
        Evaluate {e}.
        What would {e} be?
        Help me with {e}
        {e}, what is that?
        Find {e}
        and what about {e}?
        Do you know {e}?
        Let's calculate {e} now
        So how much does {e} make?
        I am stuck on my homework: {e}
        The answer to {e}, please
        Could you calculate {e} please?
        We have to pay {e} euros, how much is that?
        calc {e}
        Hi! What is {e}?
        Is {e} more than a hundred?
        In maths class they asked for {e}
        Use the calculator: {e}
        what do you think {e} gives?
        I think {e} is a lot, but how much?
        Result of {e}?
        Take {e} and tell me the result
        {e}?
        What is the outcome of {e}?
        this one: {e}
        Please find out how much {e} is
        I have to compute {e}
        double-check {e}
        Would {e} be correct?
        The teacher wants {e}
        Let me have {e}
        Type {e} into the calculator
        how much money is {e} dollars?
        hello, calculate {e}
        A friend asked me what {e} is
        now {e}
        Simple arithmetic: {e}, what comes out?
        Total of {e}
        Sum: {e}
        My homework says {e}. What should I write?
        Could you do the sum {e}?
        Do you happen to know what {e} makes?
        I wonder how much {e} is
        please {e}
        What number is {e}?
        Quick question, {e}?
        Hey, work out {e} for me please
        The invoice says {e}, what is the amount?
        We split the price: {e}
        maths: {e}
        Can somebody calculate {e}?
        and {e}?
        So, {e} equals what?
        I got lost at {e}, help
        Check my result of {e}
        How big is {e}?
        What is the value if I take {e}?
        Would you compute {e}?
        I must know what {e} comes out as
        {e} please
        Give the answer of {e} to me
        Evaluate the expression {e} now
        If I have {e} apples, how many are there?
        can u tell me {e}
        My calculator broke. {e}?
        Mind telling me what {e} works out to?
        {e} is what?
        {e}, thanks
        {e} - what does that come to?
        I'd love to know {e}.
        any idea what {e} is
        What would I get from {e}?
        What do we end up with for {e}?
        give me the number for {e}
        What's the answer to {e}
        What's the total if I take {e}?
        Crunch the numbers for me: {e}
        Do some maths for me, {e}
        Run the numbers: {e}
        Got a sum for you: {e}
        Here is a puzzle: {e}
        For the budget I need {e}
        The waiter wants {e} as a tip, so how much should I leave?
        The shop gives me {e}, how much do I save?
        Our team owes {e} altogether, which is what?
        I bought things for {e} in total. What did I spend?
        How many is {e}?
        how many do i have when i take {e}
        Off the top of your head, {e}?
        Settle a bet: {e} is what exactly?
        My son is learning arithmetic, what should he answer for {e}?
        I keep getting {e} wrong. What is it really?
        I forgot how to do {e}
        I can't do {e} in my head
        Using arithmetic, determine what {e} yields
        Punch in {e}
        Input: {e}
        value of {e}
        equals: {e}
        compute this for me: {e}
        computing {e} gives what?
        Please evaluate: {e}
        Kindly work out {e} and let me know.
        Would you be so kind as to calculate {e}?
        Could you possibly tell us {e}?
        I would be glad if you could calculate {e}.
        I'm trying to calculate {e}
        Trying to solve {e}, what do I write down?
        Need {e} fast
        need the value of {e}
        Looking for the result of {e}
        What figure do you get for {e}?
        Please give me the exact value of {e}
        Round or not, what's {e}?
        Assume I take {e}; what's left?
        What remains after {e}?
        Suppose x = {e}. What's x?
        x equals {e}, find x
        If x is {e}, how much is x?
        Let me see, {e} makes...
        Just {e}.
        ok {e}
        Then {e}
        Once more: {e}
        Can you check {e}?
        Can you verify what {e} equals?
        Is {e} equal to 50?
        Is it true that {e} is even?
        Which number results from {e}?
        What number do I reach with {e}?
        It costs {e} euros, what price is that?
        A ticket is {e} dollars. How much do I pay?
        The area is {e} square metres, so how large is the room?
        There are {e} minutes left, how many is this?
        we drove {e} kilometres, how far was it
        the recipe says {e} grams, how much is that
        Simplify {e}
        Math problem: {e}
        Arithmetic question - {e}?
        exercise 3: {e}
        Please answer with a number: {e}
        Numbers please: {e}
        The sum {e}, how does it turn out?
        do {e}
        I make it {e}, what is that as one number?
        Would you mind doing {e} for me?
        Do me a favour and calculate {e}.
        Figure: {e}
        wat is {e}
        pls calculate {e}
        calcualte {e}
        how mch is {e}
        what is the anser to {e}
        how do I solve {e}?
        How would one compute {e}?
        What comes out of {e}?
        what will {e} give me
        what did you get for {e}?
        Show me {e}
        Show the result for {e}
        Reckon {e} for me
        Get {e}
        The question on the sheet is {e}
        tell us how much {e} is
        Explain what {e} equals
        As a number, {e} is?
        In total, what's {e}?
        Altogether {e} - how much?
        it's {e}, isn't it?
        Surely {e} is not 12?
        Start with {e} and tell me where that gets me
        Can a computer do {e}?
        You can do {e}, right?
    """),
    "dev": lines("""
        Could you work out {e}?
        Figure out {e} please
        {e} equals?
        Let me know the value of {e}
        Mathematically speaking, {e} amounts to what?
        I'd appreciate it if you told me {e}
        Can you do the maths on {e}?
        anyone know what {e} is?
        My daughter has to solve {e} by tomorrow
        Hmm, {e} would be...?
        hey there, need your help calculating {e}
        So if I take {e}, I end up with?
        Which value has {e}?
        Say it in a number: {e}
        Be quick: {e}!
        Would you say what {e} is?
        how large is {e}
        The bill comes to {e}. What do I owe?
        I can never remember what {e} is.
        please do this calculation: {e}
    """),
    "test": lines("""
        Be so good as to tell me what {e} is
        What do I get for {e}?
        Can you help me compute {e}?
        I would like the value of {e}
        {e} makes what?
        Try to solve {e}
        how much would {e} be
        I ask myself what {e} is
        Next question: {e}
        Determine {e}.
        How do I figure out {e}?
        Help! My exam asks for {e}
        What's the final number if you calculate {e}?
        Think you can manage {e}?
        {e} comes to what, roughly?
        Let's see whether you know {e}
        Could I get the result for {e}, please?
        The rent is {e} euros now, what is that?
        I need someone to compute {e}
        I'm curious what {e} gives
    """),
}
CALCULATE_DO = {
    "train": lines("""
        {do}
        {do}
        {do}.
        Please {do}
        Please {do}.
        Can you {do}?
        Could you {do} for me?
        What do you get if you {do}?
        If I {do}, what is the result?
        What happens when you {do}?
        Now {do}
        {do} please
        {do} and tell me the result
        I need to {do}
        I want to {do}
        Let's {do}
        How much do I get when I {do}?
        You should {do}
        The task is to {do}
        Help me to {do}
        Say I {do}, what remains?
        hey, {do}
        Try to {do}
        Would you {do}?
        how much is left if we {do}
        Suppose you {do}. What's the answer?
        Start: {do}
        My homework tells me to {do}
        {do}, what is it then?
        kindly {do}
        We have to {do}
        what would it be if i {do}
        go ahead and {do}
    """),
    "dev": lines("""
        Would you mind helping me {do}?
        When I {do}, where do I land?
        Quickly {do}
        What does it make if they {do}?
    """),
    "test": lines("""
        One small job: {do}
        What number comes out if I {do}?
        Could you please {do}
        I was asked to {do}
    """),
}

# --- weather ------------------------------------------------------------------------------------------------------------
WEATHER = {
    "train": lines("""
        What's the weather in {c}?
        What's the weather in {c}?
        What is the weather like in {c}?
        Weather in {c}
        How is the weather in {c} today?
        Is it raining in {c}?
        Is it warm in {c}?
        Tell me the weather in {c}
        What is the temperature in {c}?
        Check the weather for {c}
        Get the current weather for {c}
        weather forecast for {c}
        Is it sunny in {c} today?
        How cold does it get in {c}?
        Please show me the weather of {c}
        Do you know how warm {c} is today?
        Can I wear shorts in {c} today?
        What should I wear in {c}?
        Does it snow in {c}?
        I'm travelling to {c}. How is the weather?
        I will be in {c} tomorrow, will it be windy?
        What are the conditions in {c}?
        current temperature {c}
        how humid is it in {c}
        Is there a storm near {c}?
        What's the forecast for {c} this week?
        Will I need a jacket in {c}?
        Hello, what is the weather in {c} like?
        Are there clouds over {c}?
        we are going to {c} for a holiday, is the weather nice there?
        Temperature in {c}, please
        Is {c} hot at the moment?
        whats the weather for {c}
        Could it be foggy around {c} now?
        Give the weather at {c}
        My sister lives in {c}. Is it freezing there?
        Rain or sun in {c}?
        Is it going to be sunny in {c}?
        How much rain is there in {c}?
        Do people in {c} need sunglasses today?
        Weather update for {c}
        Will there be thunder in {c}?
        Tell me if it is raining in {c}
        I wonder whether it snows in {c}
        Is it too hot in {c} to go running?
        how are the temperatures in {c}
        What clothes do I need in {c}?
        Can we have a picnic in {c}?
        I live in {c}, is it icy?
        In {c}, is it wet or dry?
        Are the skies blue above {c}?
        What are the weather conditions for {c}?
        Look up the weather in {c}
        Search the weather for {c}
        Could you show the temperature of {c}?
        Do I have to wear gloves in {c}?
        Is a raincoat necessary in {c}?
        {c}, is it cold?
        How many degrees does {c} have at noon?
        Is an umbrella a good idea in {c}?
        Do I need sunscreen in {c}?
        Shall I put on boots and a scarf in {c}?
        Is there frost in {c}?
        I fly to {c} on Sunday, what weather awaits me?
        Does the sun come out in {c}?
        Can I go swimming outside in {c} today?
        Tell me how hot it is in {c}
        please check whether it drizzles in {c}
        What temperature do they have in {c} now?
        How is it outside in {c}?
        Is there a heat wave in {c}?
        We are driving to {c}, will the roads be icy?
        I need the weather for {c} please
        Do you have a weather report for {c}?
        meteo {c}
        Is {c} sunny or cloudy?
        Good day for the beach in {c}?
        humidity in {c}?
        Which weather does {c} have?
        Bring a hat to {c} or not?
        My flight goes to {c}; what is the forecast there?
        Are there strong winds in {c}?
        hi, how's {c} weather-wise?
        {c} forecast
        {c} temperature
        {c} today: rain?
        weather {c}
        forecast {c} tomorrow
        temp in {c}
        Degrees in {c}?
        {c}?  Cold or warm?
        rain {c}
        is {c} rainy
        Is it chilly in {c}?
        Is it nice outside in {c}?
        Is it dark and grey in {c}?
        Is the sun shining in {c} at the moment?
        Is it pouring down over {c}?
        Is it hailing in {c}?
        is there snow on the ground in {c}?
        Will it rain in {c} later?
        Will it be hot in {c} next weekend?
        Will it clear up in {c} this afternoon?
        Will {c} see any sunshine today?
        Will {c} be cold tonight?
        Should I pack an umbrella for {c}?
        Should I take a sweater along to {c}?
        Should I expect showers in {c}?
        Do I need an umbrella in {c} today?
        Do I need a warm jacket for {c}?
        Do they have snow in {c} right now?
        Does {c} have good weather at present?
        Does it feel cold in {c} this morning?
        Packing for {c}. Warm clothes or light ones?
        I'm packing my suitcase for {c}, what's it like out there?
        I'm flying to {c}, should I bring a jumper?
        I'm off to {c} tomorrow - how cold is it?
        I'm visiting {c} next week, how hot will it be?
        I'm heading to {c}. Do I need a raincoat?
        I arrive in {c} tonight; will I freeze?
        I am on my way to {c}, is it dry there?
        We land in {c} in an hour. What temperature should we expect?
        We want to hike near {c}, is it stormy?
        We plan a barbecue in {c}, will it stay dry?
        Going to {c} soon, weather?
        My parents are in {c}; is it hot where they are?
        My friend moved to {c}. Is it sunny over there?
        Thinking about a weekend in {c}, how does the sky look?
        Planning a trip to {c}: what will the weather be?
        What's the temperature like in {c} at the moment?
        What's the temp in {c} rn
        What's the outlook for {c}?
        What's the weather doing in {c}?
        What kind of weather is {c} having?
        What sort of weather can I expect in {c}?
        What does the sky look like in {c}?
        What does the thermometer say in {c}?
        What is today's weather for {c}?
        What is the humidity in {c}?
        What is the climate in {c} like today?
        What are temperatures like around {c}?
        What would the weather be in {c}?
        How cold is {c} today?
        How warm does {c} get?
        How does the weather look in {c}?
        How many degrees Celsius in {c}?
        How strong is the wind in {c}?
        How wet is {c}?
        How bad is the storm in {c}?
        hows the weather over in {c}
        hows it looking outside in {c}
        How are things in {c}, weather-wise?
        Could you check if it is snowing over {c}?
        Could you give me the forecast for {c}?
        Could you find out how cold {c} is?
        Can you look up the temperature in {c}?
        Can you check whether {c} is warm?
        Can you see if there's rain in {c}?
        Can I leave my coat at home in {c}?
        Can I sit outside in {c} today?
        Can I ride my bike in {c} or is it too windy?
        May I know the weather of {c}?
        Please tell me how cold {c} is
        Please give me today's forecast for {c}.
        Please find out if {c} is sunny
        Tell me about the weather in {c}
        Tell me what it's like outside in {c}
        Tell me whether I need an umbrella in {c}
        Give me the temperature for {c}
        Show {c} temperature
        Find the weather of {c}
        Find out whether it rains in {c}
        Let me hear the weather for {c}
        I want to know if it's raining in {c}
        I want the current conditions in {c}
        I'd like to know how warm it is in {c}
        I'd like a forecast for {c}, please
        I'm wondering about the weather in {c}
        I am interested in the temperature of {c}
        I hope it's sunny in {c}, is it?
        I heard there's a storm in {c}, is that so?
        People say {c} is freezing. Is that true today?
        Any snow in {c}?
        Any chance of rain in {c}?
        Any clouds above {c} today?
        Is it T-shirt weather in {c}?
        Is it beach weather in {c}?
        Is {c} warmer than 20 degrees now?
        Is {c} below zero?
        Is {c} windy this evening?
        Are there thunderstorms around {c}?
        Are we going to get wet in {c}?
        Are temperatures in {c} above freezing?
        Sunshine in {c}?
        Snow in {c}?
        Wind speed {c}
        umbrella for {c}?
        Jacket or no jacket in {c}?
        wats the wether in {c}
        wheather in {c} pls
        whats it like in {c} today
        tempreture {c}
        is it rainin in {c}
        how warm is it in {c} rite now
        Weather report, {c}
        In {c}, what's the temperature?
        In {c} right now, do they have rain?
        For {c}, what does the forecast say?
        Over in {c}, is it cloudy?
        About {c}: is the weather fine?
        And in {c}?  Sunny too?
        What about the weather in {c}?
        and the weather in {c}?
        Same question for {c}: how's the weather?
        And how warm is {c}?
    """),
    "dev": lines("""
        How warm is {c} right now?
        Show the weather for {c}
        Is it stormy in {c}?
        weather {c} during the day
        Would I get soaked walking around {c}?
        I have a meeting in {c} - should I dress warmly?
        Got the forecast for {c}?
        What do the temperatures in {c} look like?
        Anything I should know about {c}'s weather?
        Is {c} having a cold spell?
        Curious how chilly {c} is these days
        Heading over to {c} this evening. Umbrella needed?
        Give me an idea of the weather in {c}
        Is today a good day to be outdoors in {c}?
        {c} - hot or not?
        Sandals or boots for {c}?
        Do you think it will snow in {c}?
        what degree is it in {c}
        Could you tell me whether {c} is cloudy?
        My train to {c} leaves soon, what's the weather like?
    """),
    "test": lines("""
        How's the weather in {c}?
        Can you tell me what the weather in {c} is?
        Is it snowing in {c}?
        I'm in {c}, what temperature is it?
        Please get me the forecast for {c}
        Any rain in {c} today?
        Let me know the weather in {c}
        Is the weather good in {c}?
        current weather {c}
        How windy is {c}?
        Will my kids need rain boots in {c}?
        We're spending the weekend in {c}, will it be warm enough to swim?
        Would you say it's cold in {c}?
        temperature {c} now
        I'm dressed for summer - is that right for {c}?
        Do you know if the sun is out in {c}?
        Looks like I'm going to {c}. Sunny?
        Tonight in {c}, clear sky?
        Is it muggy in {c}?
        What weather are they getting in {c}?
    """),
}
CITIES = {
    "train": lines("""
        New York
        Paris
        San Francisco
        Tokyo
        Rio de Janeiro
        London
        Berlin
        Los Angeles
        Mumbai
        Mexico City
        Sydney
        Cairo
        St. Petersburg
        Rome
        Hong Kong
        Toronto
        New Delhi
        Madrid
        Amsterdam
        Las Vegas
        Moscow
        Seoul
        Tel Aviv
        Chicago
        Bangkok
        Santiago de Chile
        Athens
        San Diego
        Helsinki
        Boston
        Port of Spain
        Warsaw
        Kyoto
        munich
        sao paulo
        Lima
        Zurich
        Addis Ababa
        Barcelona
        Santa Fe
        Jakarta
        Nuuk
        Kansas City
        El Paso
        La Paz
        Manila
        bogota
        Singapore
        Hanoi
        Geneva
        Cologne
        Baden-Baden
        Palm Springs
        Guatemala City
        Frankfurt am Main
        Beijing
        tunis
        Riga
        Milan
        Perth
        Oaxaca
        Rotterdam
        San Juan
        Delhi
        Kabul
        Tallinn
        Saint Lucia
        Long Beach
        Sofia
        Krakow
        Taipei
        Marrakesh
        Houston
        Winnipeg
        Porto
        Lyon
        vancouver
        Zagreb
        Santa Cruz
        Dakar
        Belgrade
        Key West
        Johannesburg
        Wellington
        Monaco
        Denver
        Bergen
        Edinburgh
        the Black Forest
        Salt Lake City
        Ulm
        Ho Chi Minh City
        berlin
        tokyo
        new york
        Naples
        Cork
        Accra
        Lagos
        Buenos Aires
        Kuala Lumpur
        san jose
        Abu Dhabi
        Doha
        Antwerp
        Ottawa
        Phoenix
        North Dakota
        Southern Spain
        Sicily
        Tuscany
        Cape Cod
        Little Rock
        Isle of Man
        Santo Domingo
        Alaska
        Texas
        Norway
        the Alps
        Iceland
        rome
        paris
        Gothenburg
        Turin
        Bern
        Kolkata
        Shanghai
        Nairobi
        Minsk
        Ljubljana
        Cardiff
        Salzburg
        Malaga
        Ho
        Bordeaux
        Detroit
        hamilton
        Chiang Mai
        Ulan Bator
        San Sebastian
        The Hague
        Aix-en-Provence
        Stratford-upon-Avon
        Tierra del Fuego
        Cluj
        Portland, Oregon
        London, Ontario
        Graz
        Izmir
        Fez
        Odessa
        nairobi
        los angeles
        Bristol
        Anchorage
    """),
    "dev": lines("""
        Hamburg
        Washington
        Panama City
        Osaka
        Valencia
        Rio Grande
        malta
        Mont Saint-Michel
        Glasgow
        Cape Town
        Adelaide
        san marino
        Tbilisi
        Corpus Christi
        Ghent
        Muscat
        Fort Worth
        Leeds
        Palo Alto
        Trondheim
    """),
    "test": lines("""
        Stockholm
        New Orleans
        Prague
        Dar es Salaam
        Budapest
        San Antonio
        Istanbul
        Quito
        Melbourne
        copenhagen
        Nice
        Punta Cana
        Brussels
        havana
        Sierra Leone
        Dresden
        Montego Bay
        Baku
        Honolulu
        Cape Verde
    """),
}

# --- search -------------------------------------------------------------------------------------------------------------
SEARCH = {
    "train": lines("""
        Search for {t}
        Search for {t}
        Find information about {t}
        Find information about {t}
        Look up {t}
        Tell me about {t}
        Go and search {t}
        search the web for {t}
        I need information on {t}
        Find out about {t}
        Find articles about {t}
        What can you find about {t}?
        Give me information about {t}
        Look for {t}
        Research {t} for me
        Can you search for {t}?
        Please find details on {t}
        Do a search on {t}
        Where can I read about {t}?
        Describe {t}
        I would like to know more about {t}
        How does {t} work?
        Search online for {t}, please
        Could you find some facts on {t}?
        Hi, search for {t}
        What is {t}?
        What is {t}?
        What are {t}?
        What was {t}?
        what does the index say about {t}?
        Read me something on {t}
        Can I get an overview of {t}?
        A short summary of {t}, please
        Fetch documents about {t}
        Is there an article about {t}?
        I am writing an essay about {t}
        Teach me about {t}
        My son asks what {t} is
        Lookup {t}
        find {t} in the documents
        query the index for {t}
        Let's read about {t}
        Which documents mention {t}?
        Why is {t} important?
        Where does {t} come from?
        What is the meaning of {t}?
        Define {t}
        tell me something interesting about {t}
        Inform me about {t}
        Search for {t}, please
        Is anything known about {t}?
        I am interested in {t}
        Explain {t} in simple words
        Can you explain what {t} is?
        I have to study {t}
        Could you give me some background on {t}?
        What is so special about {t}?
        details of {t}
        {t} information
        Help me understand {t}
        What would an encyclopedia say about {t}?
        Let me learn something about {t}
        I never understood {t}
        What happened in {t}?
        Which facts are there on {t}?
        How did {t} begin?
        Do research about {t}
        Got any material on {t}?
        I am looking for texts about {t}
        Have a look for {t}
        How would you describe {t}?
        We talk about {t} at school, what should I know?
        Please read up on {t}
        Show articles that deal with {t}
        find {t}
        What do people know of {t}?
        search {t}
        searching for {t}
        look up {t} please
        wiki {t}
        {t}: facts
        {t}, any articles?
        {t} - what do you have on that?
        facts about {t}
        info on {t}
        info {t}
        documents on {t}
        an article on {t}
        more about {t}
        something about {t}
        anything on {t}?
        Anything about {t} in your documents?
        Any articles on {t}?
        Any good reading on {t}?
        Any information regarding {t}?
        Are there documents on {t}?
        Is there something about {t} in the index?
        Is there information on {t}?
        Do you have anything on {t}?
        Do you have material about {t}?
        Do you have any knowledge of {t}?
        Do we have documents concerning {t}?
        Have you got something on {t}?
        Did anyone write about {t}?
        Does your library contain {t}?
        What do you know about {t}?
        What do the documents say on {t}?
        What can you tell me about {t}?
        What can I read on {t}?
        What should I know about {t}?
        What has been written about {t}?
        What is known about {t}?
        What is the story behind {t}?
        What is the idea of {t}?
        What is meant by {t}?
        What's the deal with {t}?
        What's interesting about {t}?
        What does {t} mean?
        What does {t} do?
        what does your collection have on {t}
        what r {t}
        What in the world is {t}?
        What about {t}, did you find anything?
        What makes {t} so famous?
        What kind of thing is {t}?
        What were the reasons for {t}?
        Which articles cover {t}?
        Which texts are about {t}?
        Where can I find something about {t}?
        Where do I learn about {t}?
        Where can I find information on {t}?
        When did {t} start?
        When was {t}?
        Who invented {t}?
        Who discovered {t}?
        Who knows something about {t}?
        Why do we have {t}?
        Why do people care about {t}?
        How do {t} work?
        How is {t} made?
        How was {t} discovered?
        How would I learn more on {t}?
        How come {t} matters?
        Could you look for {t}?
        Could you search the documents for {t}?
        Could you tell me more about {t}?
        Could you explain {t} to me?
        Could you dig up something on {t}?
        Can you find me an article about {t}?
        Can you look into {t}?
        Can you tell me what {t} is?
        Can you describe {t}?
        Can you teach me {t}?
        Can we read something about {t}?
        Would you look up {t} for me?
        Would you search for {t}?
        Would you explain {t}?
        Will you find texts on {t}?
        Please look for information about {t}
        Please explain {t}
        Please tell me something about {t}.
        Please give me a summary of {t}
        Please show me what you have on {t}
        Find some facts about {t}
        Find everything about {t}
        Find a document on {t}
        Find what is written about {t}
        Find me articles on {t}
        Find a good explanation of {t}
        Look through the documents for {t}
        Look in the library for {t}
        Check the documents for {t}
        Check what the index has on {t}
        Dig for {t}
        Dig into {t}
        Pull up articles about {t}
        Pull up what you have about {t}
        Bring up information on {t}
        Get me some background about {t}
        Get some facts on {t}
        Get articles on {t}
        Give me the basics of {t}
        Give me some facts about {t}
        Give me a short introduction to {t}
        Give an overview of {t}
        Show me information about {t}
        Show me documents about {t}
        Show everything on {t}
        Share what you know about {t}
        List documents about {t}
        Retrieve information on {t}
        Scan the articles for {t}
        Browse for {t}
        Consult the documents about {t}
        Investigate {t}
        Summarise {t}
        Introduce me to {t}
        Educate me on {t}
        Enlighten me about {t}
        Tell me everything about {t}
        Tell me more about {t}
        Tell me what you know about {t}
        Tell me what {t} is
        Tell me the story of {t}
        tell us about {t}
        Let me know what you find about {t}
        Let me read about {t}
        Let's search for {t}
        Let's find out about {t}
        Let us look up {t}
        I want to read about {t}
        I want information about {t}
        I want you to search for {t}
        I need articles about {t}
        I need some facts about {t}
        I need to look up {t}
        I need to write a report on {t}
        I need to understand {t}
        I'd like to read about {t}
        I'd like some information on {t}, please
        I'd like to learn about {t}
        I'd love to hear about {t}
        I'm looking for {t}
        I'm looking for information on {t}
        I'm trying to find something on {t}
        I'm trying to understand {t}
        I'm reading a book about {t} and want more
        I'm preparing a talk on {t}
        I'm doing a school project about {t}
        I am studying {t} at university
        I am searching for {t}
        I have a question about {t}
        I know nothing about {t}
        I don't know much about {t}
        I can't remember what {t} is
        I heard of {t}, what is it?
        I read about {t}. Where is more?
        I keep hearing about {t} - what is that?
        My teacher talked about {t}. Can you find more?
        My daughter needs a text about {t}
        For my homework I need facts about {t}
        For a presentation: find {t}
        There must be something on {t}
        We need background on {t}
        About {t}: what is there?
        On {t}, what have you got?
        On the subject of {t}, find something
        As for {t}, what do the articles say?
        Regarding {t}, what can be found?
        When it comes to {t}, what should I read?
        serch for {t}
        infos about {t} pls
        tell me abuot {t}
        Who was {p}?
        Who was {p}?
        Who is {p}?
        Tell me who {p} was
        What did {p} do?
        Find {p}
        I heard about {p} yesterday. Who is that?
        Give me a biography of {p}
        Who on earth was {p}?
        Why is {p} famous?
        When did {p} live?
        Show the life of {p}
        What is {p} known for?
        Can you tell me who {p} is?
        Information about {p}, please
        Was {p} a scientist?
        When was {p} born?
        Where was {p} born?
        What did {p} invent?
        What did {p} discover?
        What did {p} write?
        How did {p} become known?
        Tell me about the life of {p}
        Which work made {p} famous?
        Look up {p}, please
        who's {p}
        {p}, who was that?
        Search {p}
        Any biography of {p}?
        I want to know who {p} was
        Please find out who {p} was
        Tell me about {p}
        I admire {p}, find something about the work
        Have you heard of {p}?
        Does the library have a text about {p}?
    """),
    "dev": lines("""
        Search information on {t}
        Look {t} up
        What's this thing called {t}?
        Who's that {p}?
        Do your articles mention {t}?
        I would love to understand how {t} works
        Got something to read on {t}?
        Can you give me a quick rundown of {t}?
        See what you can find on {t}
        Run through the basics of {t} with me
        Someone mentioned {t} to me. What is it?
        Could I have some facts concerning {t}?
        Which of your documents are on {t}?
        {t}, explained
        Hunt down some information about {t}
        Please do some research on {t}
        Are you able to find anything on {t}?
        What's the history behind {t}?
        Why did {p} matter so much?
        need a few facts on {t}
    """),
    "test": lines("""
        Would you run a query on {t}?
        Find me something about {t}
        Could you look up {t}?
        Run a search for {t}
        I need to know about {t}
        Get information about {t}
        What exactly is {t}?
        Do you know anything about {t}?
        Do you know who {p} was?
        search term: {t}
        Show me a text that explains {t}
        I've always wondered about {t}
        Is there any literature on {t}?
        Could you check your documents for {t}?
        What's there to know about {t}?
        Quick facts on {t}, please
        Let me see what you have about {t}
        What was {p} famous for?
        I'm supposed to present {t} in class
        Would you happen to have an article on {t}?
    """),
}
TOPICS = {
    "train": lines("""
        the history of Rust
        reinforcement learning
        the Eiffel Tower
        Python programming
        climate change
        the solar system
        the Roman Empire
        neural networks
        coffee
        the moon landing
        electric cars
        WebAssembly
        the periodic table
        gravity
        the theory of relativity
        dinosaurs
        the Rust programming language
        chess openings
        vaccines
        the speed of light
        DNA
        solar energy
        the Pacific Ocean
        tantivy
        the Olympic Games
        blockchain
        the Linux kernel
        earthquakes
        the Cold War
        tea
        JavaScript
        the C programming language
        BM25 ranking
        exploration and exploitation
        large language models
        evolution
        blorptang
        water
        Mars
        capitals of Europe
        flimsomania
        zorblatt
        the Industrial Revolution
        capitals of Asia
        PPO
        the Second World War
        quuxification
        Xyzzyland
        grobnatz
        volcanoes
        black holes
        photosynthesis
        jazz
        penguins
        Mount Everest
        machine learning
        quantum computers
        the planet Saturn
        proximal policy optimisation
        the French Revolution
        origami
        beekeeping
        lighthouses
        accordions
        samurai
        pottery
        yoga
        butterflies
        the Aztecs
        medieval castles
        tango
        whales
        sourdough
        opera
        Kubernetes
        typography
        hieroglyphs
        rhubarb
        cryptography
        vikings
        glaciers
        Shakespearean sonnets
        snorkelling
        ballet
        tsunamis
        falconry
        kangaroos
        cheesemaking
        submarines
        rugby
        calligraphy
        the guitar
    """),
    "dev": lines("""
        the human heart
        the Amazon river
        SQLite
        mushrooms
        sumo wrestling
        the piano
        haiku
        tectonics
        Paris
        orchids
        pirates
    """),
    "test": lines("""
        the history of the internet
        plate tectonics
        honey bees
        the Renaissance
        game theory
        PostgreSQL
        the water cycle
        bread baking
        Q-learning
        the Great Wall of China
        ceramics
        lemurs
        the trombone
        judo
        knitting
    """),
}
PEOPLE = {
    "train": ["Ada Lovelace", "Alan Turing", "Albert Einstein", "Graydon Hoare", "Leonardo da Vinci", "Isaac Newton",
              "Cleopatra", "Charles Darwin", "Marie Curie", "Mozart", "Simone de Beauvoir", "Frida Kahlo", "Picasso",
              "Florence Nightingale", "Galileo Galilei", "Joan of Arc", "Amelia Earhart", "Confucius"],
    "dev": ["Nikola Tesla", "Hypatia"],
    "test": ["Grace Hopper", "Tim Berners-Lee", "Emmy Noether"],
}

# --- a tool that fails --------------------------------------------------------------------------------------------------
ERRORS = {
    "train": [("Calculate 5 / 0 for me", "5 / 0"), ("What is 12 divided by 0, then?", "12 divided by 0"),
              ("I ask for 7/0", "7/0"), ("The result of 81 / 0?", "81 / 0"), ("divide 30 by 0", "divide 30 by 0"),
              ("how much is 6 over 0", "6 over 0")],
    "dev": [("So, what of 3 / 0, then?", "3 / 0")],
    "test": [("Try 90 divided by 0", "90 divided by 0")],
}

# --- no tool: form of the reply -> what people say ----------------------------------------------------------------------
FORMS = {"greeting": "Hello", "thanks": "welcome", "farewell": "Goodbye", "about": "neural network", "cannot": "not able"}
NO_TOOL = {
    "train": {
        "greeting": lines("""
            Hello, how are you?
            Hello
            Hi!
            Hi there
            Good morning!
            hey
            Good afternoon
            How are you doing?
            Nice to see you
            Hello my friend
            Greetings
            how is it going?
            Hi, how are you today?
            Pleased to meet you
            sup
            Hello again
            Good day
            Howdy
            How do you do?
            hi hi
            Hello, is anyone there?
            How have you been?
            What's new?
            How was your day?
            Long time no see
            Glad to meet you
            Hey, good morning
            hiya
            How is life?
            Hello hello
            Morning!
            Are you all right?
            Hey buddy
            What is going on?
            How are things today?
            It is good to be here
            Hello, nice day today, isn't it?
            Hi, I am Anna
            hello there my dear
            I am back
            Good to see you again
            Everything fine?
            What's up?
            whats up
            wassup
            yo
            How's it going, friend?
            How's your morning?
            How's everything?
            Are you there?
            Anybody home?
            Are you doing well?
            hope you are well
            I hope you had a good night
            Did you sleep well?
            A very good morning to you
            good morning everyone
            Good afternoon, how do you feel?
            Hey hey, what's happening?
            helo
            hallo
            Hey you
            Hi, nice to meet you
            Hello, it's me again
            I'm Tom, hello
            My name is Sarah
            Hi friend, are you fine?
            Just wanted to say hi
            I only came to say hello
            Let me greet you
            Welcome back
            Hi, I'm new here
            Lovely to meet you
            It's nice to talk to you
            Happy to see you
            how r u
            How are you feeling today?
            How are we today?
            Feeling good today?
            Having a good day?
            Happy New Year!
            Merry Christmas
            Hi bot
            hey robot
            Hello computer
        """),
        "thanks": lines("""
            Thank you
            Thanks!
            Thank you very much for your help
            thanks a lot
            Great job, thank you!
            That was helpful
            I am grateful
            Cheers, that helps
            Perfect, thanks
            Well done!
            thx
            Thank you kindly
            Much obliged
            Awesome, thank you
            That is exactly what I needed
            Nice work
            Good answer
            You have been a great help
            Very kind of you
            I really like that, thanks
            Brilliant
            Excellent, that was quick
            Many thanks to you
            You are great
            Thanks, that is all I wanted
            Thanks for that
            Thanks again
            I owe you one
            That helped me a lot
            What a good answer
            Super, thank you
            I am thankful for the support
            That was a perfect reply
            Cool, thanks mate
            Lovely, thanks
            You did well
            Wonderful work
            ty
            thank u
            thanx
            Thanks a million
            Thanks a bunch
            A thousand thanks
            Thanks for your time
            Thanks for helping me out
            Thanks for explaining
            Thank you for the quick answer
            Thank you, that makes sense
            Thank you, you're the best
            I appreciate it
            Much appreciated
            I'm so grateful to you
            You're a star
            You're a lifesaver
            You're so helpful
            You are amazing
            You're awesome
            You saved me
            You helped me so much
            You rock
            Good job
            Great work
            Good bot
            Nice one
            Nice, that worked
            That's great
            That's perfect
            That's very helpful
            That's it, great
            That was fast
            That was really useful
            That solved my problem
            This is wonderful
            This is really good
            It worked, thanks
            It was a great help
            Cheers
            Cheers mate
            Bravo
            Fantastic
            Amazing
            great
            ok thanks
            okay, thank you
            Alright, thanks
            Oh wow, thanks
            Perfect answer
            Impressive
            Kudos
            Bless you
            So kind of you
            I love it
            Fine, thank you
            How kind, thank you
            cool
        """),
        "farewell": lines("""
            Goodbye
            Bye!
            See you later
            Good night
            bye bye
            Talk to you soon
            I am leaving now
            Have a nice day
            Farewell
            Until next time, take it easy
            I must leave
            So long
            Good night, sleep well
            Catch you later
            That's all for today
            I'm off
            Ciao
            Bye for now
            See you on Monday
            We will talk again
            Have a great weekend
            I am done for today
            Goodbye my friend
            See you next week
            I will go to bed now
            I need to leave
            Until later
            See you around
            Bye, have fun
            Time to say goodbye
            I am going home
            Okay bye
            Good bye then
            Let's stop here
            We are finished for today, bye
            I have got to run
            See you tonight
            cya
            see ya
            c u
            gn
            Later!
            laters
            Take care
            Take care of yourself
            Till tomorrow
            Until tomorrow
            See you tomorrow
            See you in a bit
            Talk later
            We'll speak tomorrow
            I'll be back tomorrow
            I'll talk to you later
            I'll leave you now
            I'll stop now
            I've got to go
            I have to go now
            I gotta go
            gotta run, bye
            Got to go
            I'm going now
            I'm going to sleep
            I'm heading out
            I'm heading home, bye
            I'm leaving, see you
            I'm logging off
            I'm out
            I'm done, bye
            That's it for now, bye
            That is everything, goodbye
            That will be all
            Nothing else, bye
            Enough for today
            Let's call it a day
            Let's finish
            Let's talk again some other time
            Have a good evening
            Have a good one
            Have a lovely night
            Enjoy your day
            Enjoy the weekend
            Sleep tight
            Sweet dreams
            Good night for now
            Nighty night
            Adieu
            Au revoir
            Adios
            Cheerio
            All the best
            It was nice talking to you, bye
            Nice chatting with you, see you
            Well, I should go
            Off to bed
            Signing off
            Time for me to go
            Thanks and bye
            Thank you, goodbye
            Thanks, see you tomorrow
            Bye now
            Okay, see you
            Bye, talk tomorrow
        """),
        "about": lines("""
            Who are you?
            What can you do?
            What is your name?
            How do you work?
            Are you a robot?
            Introduce yourself
            What are your abilities?
            Can you help me?
            Are you a human?
            What tools do you have?
            Describe yourself
            Which things are you able to do?
            What is this?
            Which model are you?
            Who made you?
            How were you trained?
            What are you good at?
            What do you know?
            Do you have a name?
            Are you a person or a machine?
            Explain what you do
            How can you help me?
            help
            What can I ask you?
            What questions do you answer?
            Are you ChatGPT?
            what are your skills
            Tell me who you are
            Can you do more than this?
            Do you understand me?
            What kind of program is this?
            I would like to know what you can do
            Are you real?
            What sort of thing are you?
            Say something about yourself
            Do you have feelings?
            How old are you?
            Where do you come from?
            What are you?
            Can you think?
            Who built you and why?
            List your functions
            What are you able to help with?
            In which ways can you support me?
            What's your name?
            whats ur name
            who r u
            Do I talk to a real person?
            Am I talking to a bot?
            Am I chatting with a human being?
            Is this a chatbot?
            Is there a human behind this?
            Is this artificial intelligence?
            Is a person writing these answers?
            Are you alive?
            Are you conscious?
            Are you a computer program?
            Are you a language model?
            Are you intelligent?
            Are you smart?
            Are you GPT or Claude?
            Are you some kind of assistant?
            Do you ever sleep?
            Do you get tired?
            Do you learn from me?
            Do you have tools?
            Do you have emotions?
            Do you think for yourself?
            Do you speak English?
            Do you know who you are?
            Does a neural network answer here?
            Did someone program you?
            Can you introduce yourself?
            Can you describe yourself?
            Can you tell me about yourself?
            Can you explain how you work?
            Can you understand what I say?
            Could you tell me your name?
            Could you say a bit about yourself?
            Tell me about yourself
            Tell me something about yourself
            Tell me your name
            Tell me how you work
            Tell me what you are
            Tell me how you were made
            Tell me which tools you use
            Explain yourself
            Explain how you learned
            Explain what you are
            Show me what you can do
            Give me a list of the things you can do
            What do you do?
            What do I call you?
            What should I call you?
            What are you called?
            What are you capable of?
            What are you made of?
            What are your limits?
            What are your strengths?
            What are your tools?
            What are you for?
            What is your purpose?
            What is your job?
            What is your age?
            What is it you do here?
            What is this program for?
            What is this chat for?
            What kind of bot are you?
            What kind of questions can I ask?
            What kind of AI is this?
            What sort of help do you offer?
            What tasks can you handle?
            What features do you have?
            What else can you do?
            What all can you do for me?
            what can u do
            What can I do here?
            What can this bot do?
            What could you help me with?
            What would you be able to do for me?
            What makes you special?
            What software is this?
            What language model do you use?
            Which tools can you use?
            Which skills do you have?
            Which questions do you understand?
            Who am I talking to?
            Who am I speaking with?
            Who created you?
            Who developed you?
            Who is your maker?
            Who programmed you?
            Who trained you?
            Who wrote your code?
            Who is this?
            Where are you from?
            Where do you live?
            When were you born?
            When were you created?
            Why were you made?
            Why do you exist?
            How do you learn?
            How do you think?
            How do you answer questions?
            How did you learn all this?
            How did they train you?
            How does this chatbot work?
            How do I use you?
            How do I use this?
            How intelligent are you?
            How can I use this chat?
            How are you able to answer?
            How can you be useful?
            I want to know who you are
            I want to know more about you
            I'd like to know your name
            I wonder what you are
            I don't know what you can do
            I need help
            I need some help, what is possible?
            I'm curious about you
            Let me know who you are
            Let me know what you can do for me
            Please introduce yourself
            Please tell me what you are able to do
            So you are a machine?
            You are a robot, right?
            You're a computer, aren't you?
            please help
            help me
            your name?
            your abilities?
            instructions please
        """),
        "cannot": lines("""
            Play some music
            Set an alarm for 7 am
            Turn off the lights
            Order a pizza
            Send a message to Anna
            Call my mother
            Open the garage door
            Buy me new shoes
            Write a poem about love
            Translate good morning into French
            Book a flight to London
            Remind me to drink water
            Draw a picture of a cat
            Post this on my blog
            Please reserve a hotel room
            Tell me a joke
            Sing a song
            Schedule a meeting for Monday
            Delete my files
            Make me a sandwich
            Record a video
            Drive me to the airport
            Print this document
            Download the latest movie
            Pay my electricity bill
            Take a photo
            Clean my room
            Fix my computer
            Feed the dog
            Water the plants
            Start a timer for ten minutes
            Change the channel
            Lock the car
            Write a letter to my landlord
            Compose an essay on freedom
            Rent a bike for me
            Cancel my subscription
            Add milk to my shopping list
            Text my brother that I am late
            Can you call a doctor?
            Please switch the heating on
            Buy tickets for the concert
            Wake me up at six
            Read my mail to me
            Could you cook dinner?
            Please book a restaurant
            Reserve two seats in the cinema
            Write a song
            Write me a story
            Send a letter to my teacher
            Mail this to my colleague
            Order flowers for my wife
            Turn the volume up
            Install an app on my phone
            Show me a picture of a dog
            Take notes in my meeting
            Set the table
            Put this in my calendar
            Make a phone call
            Unlock the door
            Translate this page
            Invest my money
            Please wash my clothes
            Create a video about cats
            Play chess with me
            play the next song
            Play a film for my children
            Play my favourite album
            Pause the music
            Skip this track
            Put on some jazz for dancing
            Sing me a lullaby
            Dance for me
            Tell me a funny story
            Tell me a bedtime story
            Tell a joke about cats
            Make me laugh
            Make a reservation for two at eight
            Make me a coffee
            Make an appointment with my dentist
            Make a backup of my disk
            Make a drawing of my house
            Paint a landscape
            Draw me a tree
            Generate an image of a castle
            Create a logo for my company
            Create a spreadsheet
            Create an account for me
            Design a poster
            Write a haiku for my friend
            Write some code for me
            Write my homework
            Write a birthday card
            Write a speech for the wedding
            Write a program that sorts names
            Translate hello to Spanish
            Translate this sentence into German
            Translate the menu for me, please
            How do you say cat in Italian?
            Can you translate a letter?
            Can you play a song?
            Can you send an email?
            Can you book a train ticket?
            Can you order food?
            Can you set a reminder?
            Can you make a phone call for me?
            Can you turn the TV on?
            Can you drive?
            Can you cook?
            Can you buy a present for my mum?
            Can you open the window?
            Can you write a poem?
            Can you dim the lights?
            Could you call me a cab?
            Could you post a tweet?
            Could you send Maria a text?
            Could you reserve a table for four?
            Could you remind me of the meeting?
            Could you start the car?
            Could you put the kettle on?
            Would you order a book for me?
            Would you mail my parents?
            Would you close the door?
            Will you wash the dishes?
            Please call the police
            Please order a cab for five o'clock
            Please send this to my boss
            Please play the radio
            Please remind me about the dentist
            Please set a timer
            Please turn the lamp off
            Please delete my account
            Please write an essay
            Please transfer money to my sister
            Send 50 euros to Peter
            Send a text to my wife
            Send an invoice to the customer
            Send my mum a birthday message
            Email the report to Lisa
            Message my boss that I'm sick
            Call Tom
            Call a taxi
            Phone my sister
            Dial 911
            Ring my office
            Text Julia
            Tweet this
            Share this photo with my family
            Upload the picture
            Download this file
            Save this file
            Open the browser
            Open my calendar
            Open the window
            Close the curtains
            Switch off the TV
            Switch on the oven
            Turn on the coffee machine
            Turn the heating down
            Turn my phone off
            Dim the lamps in the kitchen
            Start the washing machine
            Start the engine
            Stop the alarm
            Shut down the computer
            Restart my laptop
            Set the temperature of the oven to 200 degrees
            Set a reminder for tomorrow
            Set up a meeting with Paul
            Set a timer for 20 minutes
            Wake me at 6:30
            Remind me to call grandma at 5
            Remind me about my appointment
            Add a meeting to my calendar
            Add eggs to the list
            Move my appointment to Friday
            Book a table for tonight
            Book a room in a hotel in Vienna
            Book me a trip to Spain
            Reserve a car
            Order a burger and fries
            Order me a new phone
            Order groceries
            Buy some milk
            Buy 10 shares of Apple
            Sell my car
            Pay the rent
            Pay my invoice of 200 euros
            Transfer 100 dollars to my savings
            Withdraw cash
            Track my parcel
            Find my keys
            Find me a girlfriend
            Bring me a beer
            Bring me the newspaper
            Fetch my slippers
            Get me a glass of water
            Get me a taxi
            Give me a hug
            Give me money
            Do my homework
            Do the dishes
            Do the laundry
            Mow the lawn
            Walk the dog
            Cook spaghetti
            Bake a cake
            Iron my shirts
            Fold the laundry
            Repair my bike
            Cut my hair
            Charge my phone
            Hack my neighbour's wifi
            Vote for me
            Take me home
            Take a screenshot
            Let me watch a film
            Show me my emails
            Show me my photos
            Show me a video
            Read the newspaper to me
            Read me a bedtime story
            Recommend a restaurant
            What should I cook tonight?
            What time is it?
            What day is it today?
            What is my password?
            Which film should I watch?
            Where are my keys?
            Who will win the match?
            Navigate to the station
            Guess my age
            Marry me
            I want to order sushi
            I want you to call my dad
            I want to listen to music
            I need a taxi
            I need a hotel room for tonight
            I need you to write a letter
            I'd like to book a massage
            I'd like a cup of coffee
            I would like to hear a song
            I have to send an email, do it for me
            My sink is broken, repair it
            It's too dark, turn on the light
            I'm hungry, order something
            I'm bored, play a game with me
            Let's play cards
            Let's go dancing
        """),
    },
    "dev": {
        "greeting": lines("""
            Hello there!
            Hey, how's your day going?
            A wonderful morning to you!
            hi, anyone around?
            Nice meeting you
        """),
        "thanks": lines("""
            Many thanks
            Thanks so much, really useful
            I'm very thankful
            That's a great answer
            Wow, good stuff
        """),
        "farewell": lines("""
            See you soon
            I'm going to bed, night
            Gotta leave, talk soon
            Have a pleasant evening, bye
            That's everything for now
        """),
        "about": lines("""
            Tell me what you can do
            Am I speaking to a machine?
            What exactly do you do?
            Which name do you have?
            What sort of questions can you answer?
            Who designed you?
            Are you a bot?
        """),
        "cannot": lines("""
            Play a song by Queen
            Would you write me a poem?
            Email my landlord about the leak
            Set my alarm to half past five
            Fetch me some coffee
            Can you pay for my lunch?
            Turn down the music
            Make a table reservation at the Italian place
        """),
    },
    "test": {
        "greeting": lines("""
            Hi, good to see you!
            Good evening
            Hey, how are things?
            Hello! Everything good with you?
            How's my favourite bot today?
        """),
        "thanks": lines("""
            Thank you so much!
            Thanks for the help
            You really helped me there
            I'm impressed, good work
            Appreciated!
        """),
        "farewell": lines("""
            Bye, see you!
            Good night and goodbye
            I'll be leaving then
            Take care, until Friday
            Okay, I have to stop now, bye
        """),
        "about": lines("""
            What is it that you can do?
            Who or what are you?
            Are you an AI?
            Do you happen to be a human?
            What are the things you can help me with?
            How do you come up with your answers?
        """),
        "cannot": lines("""
            Turn on the radio
            Send an email to Peter
            Order me a taxi
            Can you write a love letter for me?
            Remind me to buy bread tomorrow
            Please ring my brother
            Switch the fan off
            Reserve a flight for next Tuesday
        """),
    },
}
