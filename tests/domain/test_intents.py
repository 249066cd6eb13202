"""What the candidate wants is read by plain rules; in doubt it is an answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from interviewer.domain.intents import ANSWERS, Intent, intent_of, is_code, is_essay, is_other_language

ROOT = Path(__file__).parents[2]

PLAN = "I read the plan first, then I sort the rows by customer so that the ranges of the files get narrow."
DOCUMENT = f"""# Diagnosis

In conclusion, the layout does not fit the access pattern [1]. {PLAN} {PLAN}

## Remedy

Furthermore, files sorted by the customer can be skipped [2]. {PLAN} {PLAN}

## References

[1] A book about storage. {PLAN} [2] A page about clustering.
"""
LISTED = "\n".join(f"- **Step {number}**: {PLAN}" for number in range(1, 9))
SPOKEN_LIST = "\n".join(f"- {PLAN}" for _ in range(4))

MEANT: dict[Intent, tuple[str, ...]] = {
    "skip": (
        "Skip",
        "let's skip this one please",
        "Pass.",
        "next question",
        "skip it",
        "can we move on to the next question please",
        "ok next one",
        "i'd rather not answer that",
        "Sorry, I don't know. Next question please.",
        "no idea lets move on",
        "thanks, skip",
        "this is stupid. skip.",
        "pass on this one tbh",
        "could you ask me something else?",
        "can we come back to this one later",
        "skp this qustion plz",
        "um yeah i think i'll pass on that one",
        "another question please",
        "i'll pass",
        "yeah no i dont know this sorry can we go to the next one",
    ),
    "dont_know": (
        "I don't know",
        "I don’t know.",
        "no idea, sorry",
        "idk",
        "i dunno man",
        "Honestly? Not a clue.",
        "um i really dont know",
        "sorry im not sure about that",
        "I have absolutely no idea",
        "no clue tbh",
        "hmm I do not know the answer to that",
        "i've never used it",
        "my mind went blank sorry",
        "i cant remember",
        "Not my area, sorry.",
        "hi, sorry, i don't know",
        "i dont fucking know",
        "I'm stuck",
        "I don't know, that's it.",
        "i give up",
        "I honestly have no clue how to do this one",
        "I'm not familiar with this topic",
        "i dont know where to start",
    ),
    "repeat": (
        "Could you repeat the question?",
        "repeat pls",
        "can you say that again",
        "sorry what was the question again",
        "Pardon?",
        "What?",
        "huh",
        "one more time please",
        "i didn't catch that",
        "Sorry, I missed that, could you repeat?",
        "what did you say",
        "hello, can you please repeat the question",
        "come again?",
        "repeate the quesiton",
        "I forgot the question.",
        "can you read the question to me again",
        "can you repeat this question",
        "could you say the question again please i was distracted",
        "i lost you there can you repeat",
    ),
    "rephrase": (
        "sorry, can you rephrase that",
        "Could you put it differently?",
        "say that in other words please",
        "i dont understand the question",
        "I don't get it",
        "what do you mean?",
        "What do you mean by that?",
        "can you explain the question",
        "in simpler words please",
        "rephase please",
        "the question is not clear to me",
        "sorry im a bit confused by the question",
        "what are you asking me?",
        "I don't know what you mean.",
        "could you be more specific",
        "Sorry, I did not understand. Can you clarify?",
        "no idea what you want",
        "can you ask that in a different way",
        "can u explain more",
        "explain please",
        "this question makes no sense",
    ),
    "give_answer": (
        "Give me the answer",
        "what is the right answer?",
        "show me the rubric",
        "Just tell me the answer.",
        "What is the correct answer?",
        "Please show me the solution.",
        "tell me",
        "can you just tell me the solution please",
        "gimme the anwser",
        "give me the answer you stupid bot",
        "what should i say",
        "How would you answer that?",
        "what would you do?",
        "you tell me",
        "I want the answer now",
        "what are you looking for?",
        "was that right?",
        "Am I on the right track?",
        "what are the key points",
        "i dont know, whats the answer?",
        "could you please tell me what the answer is",
        "did i get it right?",
    ),
    "finish": (
        "I'm done.",
        "end the interview",
        "stop",
        "I want to stop here.",
        "finish",
        "quit",
        "please end the interview now",
        "thanks, bye",
        "i have to go sorry",
        "lets call it a day",
        "Goodbye!",
        "ok im finished",
        "can we stop the interview please",
        "wrap it up",
        "I would like to end this here",
    ),
    "done": (
        "that's it",
        "That's about all.",
        "nothing to add",
        "No, nothing to add.",
        "no thats all thanks",
        "I have nothing more to add.",
        "I don't have anything else to add",
        "that's about it",
        "nothing else",
        "i think thats everything",
        "no more",
        "that's my final answer",
        "I think I've covered everything",
        "ok thats pretty much it",
        "I'm done with this question.",
        "can't think of anything else",
        "done",
        "nope nothing else",
    ),
    "pause": (
        "give me a minute",
        "Let me think.",
        "let me think about that for a second",
        "hold on",
        "hang on a sec",
        "one moment please",
        "just a second",
        "can i have a minute to think",
        "hmm, let me think about it",
        "wait",
        "i need some time",
        "I'm still thinking...",
        "brb",
        "ok give me a sec",
        "I don't know, let me think.",
        "need a short break",
        "bear with me",
        "lemme think",
        "let me gather my thoughts",
        "give me some time to think about it please",
    ),
    "rude": (
        "fuck you",
        "You are an idiot.",
        "you're so fucking useless",
        "This is a stupid question, and you are a useless machine.",
        "what a dumb question",
        "shut up",
        "this interview is a complete waste of time",
        "stupid bot",
        "You suck!",
        "this is bullshit",
        "go to hell with your stupid questions",
        "are you kidding me?",
        "WTF",
        "who cares",
        "i hate this",
        "you are the worst interviewer ever",
        "stop wasting my time",
        "ur so dumb",
        "piss off",
        "screw this",
        "STFU",
        "this is the dumbest question ive ever heard",
    ),
    "small_talk": (
        "hi",
        "Hello there!",
        "hey how are you doing today",
        "Good morning, nice to meet you.",
        "Hi, my name is Priya Sharma.",
        "thanks",
        "Thank you so much for the question!",
        "Great question.",
        "thats a really good question",
        "haha",
        "lol ok",
        "lovely weather today",
        "The weather is lovely today, and I am going on holiday tomorrow.",
        "By the way, I like your voice.",
        "tell me a joke",
        "sorry im a bit nervous",
        "can you hear me?",
        "I'm fine thanks, and you?",
        "ok got it",
        "happy friday",
        "helloooo are you there",
    ),
    "off_topic": (
        "Are you a real person?",
        "are you a bot",
        "am I talking to an AI?",
        "who made you",
        "what model are you",
        "Let us talk about football instead.",
        "can we talk about something else",
        "Did you see the match last night?",
        "do you like pizza?",
        "how much does this job pay",
        "what's the salary?",
        "change the subject please",
        "what time is it",
        "hi, what's your name?",
        "how was your weekend",
    ),
    "silent": (
        "",
        " ",
        "\n\t \n",
        ".",
        "...",
        "…",
        "?!",
        "---",
        "👍",
        "🙂🙂",
        "\x00",
        "\ud800",
        "\u200b",
        "hmm",
        "Um, uh...",
        "[silence]",
    ),
    "question": (
        "How many users are there?",
        "Ok, is the data compressed?",
        "hi, how many rows does the table have?",
        "What do you mean by active user?",
        "Sorry, can I assume that the key is unique?",
        "quick question: do we own the sender?",
        "Thanks. Is the stream ordered by customer?",
        "Which cloud are we on?",
        "Are late events possible, and if so, how late?",
        "could you tell me how big the files are?",
        "May I change the schema?",
        "who uses the dashboard?",
    ),
    "other_language": (
        "Ich weiß nicht.",
        "Keine Ahnung, können wir bitte weitermachen?",
        "Entschuldigung, das kann ich auf Englisch leider nicht so gut erklären, aber ich versuche es gleich.",
        "ich wuerde zuerst den query plan anschauen und dann die tabelle nach user id clustern",
        "Je ne sais pas, désolé.",
        "Je ferais d'abord un tri par utilisateur pour que les fichiers ne se chevauchent pas.",
        "No lo sé, lo siento.",
        "primero miraria el plan de la consulta y despues ordenaria los datos por usuario",
        "Não sei, pode repetir a pergunta por favor?",
        "Eu usaria um bloom filter para não ler todos os arquivos.",
        "Non lo so, possiamo passare alla prossima domanda?",
        "Nie wiem, czy może pan powtórzyć pytanie?",
        "najpierw sprawdzilbym plan zapytania i potem posortowal dane, bo kazdy plik ma wszystkich",
        "Bilmiyorum, soruyu tekrar eder misiniz?",
        "Ik weet het niet, kunnen we naar de volgende vraag?",
        "Jag vet inte, kan vi ta nästa fråga?",
        "saya tidak tahu, bisa ulangi pertanyaannya?",
        "mujhe nahi pata, kya aap question repeat kar sakte hain",
        "Tôi không biết câu trả lời này",
        "Nevím, můžete prosím zopakovat otázku?",
        "你好",
        "我会先看执行计划，然后用 salting 解决 data skew。",
        "わかりません",
        "모르겠습니다",
        "Я не знаю, как это работает.",
        "لا أعرف",
        "मुझे नहीं पता",
        "Hola",
        "lo siento, no hablo inglés",
        "guten Tag",
    ),
    "code": (
        "SELECT user_id, count(*) FROM events WHERE day = '2026-01-01' GROUP BY user_id",
        "select * from events where user_id = 42;",
        "```sql\nSELECT id, count(*) AS n\nFROM source\nWHERE day >= current_date\nGROUP BY id;\n```",
        "```python\nfor path in paths:\n    rows = read(path)\n    write(transform(rows), target)\n```",
        "```yaml\njob:\n  retries: 3\n  timeout: 3600\n  schedule: '0 5 * * *'\n```",
        "df = spark.read.parquet(path)\ndf.groupBy('user_id').count().show()",
        'from pyspark.sql import functions as F\n\ndef salted(df):\n    return df.withColumn("salt", F.rand() * 16)',
        "MERGE INTO target t USING source s ON t.id = s.id\nWHEN MATCHED THEN UPDATE SET t.v = s.v\n"
        "WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, s.v)",
        "-- the duplicates first\nDELETE FROM events a\nUSING events b\nWHERE a.id = b.id AND a.ctid < b.ctid;",
        "job:\n  retries: 3\n  timeout: 3600\n  schedule: '0 5 * * *'",
        "spark.sql.shuffle.partitions=2000\nspark.sql.adaptive.enabled=true",
        "spark-submit --conf spark.executor.memory=8g \\\n  --num-executors 50 \\\n  job.py",
        '{\n  "retries": 3,\n  "backoff": "exponential"\n}',
        "Something like this:\nCREATE TABLE processed (\n  event_id text PRIMARY KEY,\n  seen_at timestamptz\n);\n"
        "INSERT INTO processed VALUES ($1, now()) ON CONFLICT DO NOTHING;",
        "public class Job {\n  private final int retries = 3;\n  void run() {\n    sender.send(event);\n  }\n}",
    ),
    "essay": (
        DOCUMENT,
        LISTED,
        f"{PLAN} " * 40,
        "so um " + f"{PLAN.rstrip('.').lower()} and then " * 40,
        DOCUMENT.replace("#", "##"),
        DOCUMENT.replace("# ", "").replace("[1]", "https://example.org/1").replace("[2]", "https://example.org/2"),
        f"**Diagnosis**\n{PLAN} {PLAN}\n**Remedy**\n{PLAN} {PLAN}\n**Cost**\n{PLAN}\n**Risk**\n{PLAN} {PLAN}",
        f"1. Diagnosis\n{PLAN} {PLAN} {PLAN}\n2. Remedy\n{PLAN} {PLAN} {PLAN}\nFurthermore, {PLAN} In summary, {PLAN}",
        "\n".join(f"{number}. **Part**: {PLAN}" for number in range(1, 8)),
        f"Firstly, {PLAN} {PLAN} {PLAN} Lastly, {PLAN} (Kimball et al. 2013), (Inmon et al. 2005) {PLAN} {PLAN}",
        f"{DOCUMENT}\n{LISTED}",
        f"{DOCUMENT}\nWhat else?",
    ),
}

# Each stands near the intent that it is listed under, and is an answer: a word about the matter decides.
NEAR: dict[Intent, tuple[str, ...]] = {
    "skip": (
        "I would skip the files whose range cannot contain the user.",
        "skip them",
        "We pass the key to the reader and end the transaction.",
        "The next step is to move on to a serving store, because object storage has a long tail.",
        "skip data",
        "pass the offset along",
        "next we compact",
        "Skip locked rows",
        "next, I'd check the lag",
        "pass it through a queue",
        "move the next partition",
        "I'd skip validation here, it is checked upstream",
        "then the next batch",
    ),
    "dont_know": (
        "I don't know the exact figure, but the min and max ranges overlap, so nothing is pruned.",
        "I don't know, maybe a bloom filter",
        "no idea but probably skew",
        "not sure about the number but less than a second",
        "I don't know exactly. Two replicas?",
        "The planner has no idea how large the table is.",
        "idk, salting?",
        "I'm not sure it is skew",
        "I forgot to say that the key must be unique",
        "we don't know which rows changed",
        "never used Flink, in Spark I would take a watermark",
        "I'm lost between salting and a broadcast",
        "the reader can't remember its offset",
    ),
    "repeat": (
        "First I stop the stream, then I repeat the load from the last good offset.",
        "repeat the load",
        "say it fails, then we retry",
        "run it again",
        "I would read the question of cost first",
        "again, the ranges overlap",
        "repeat until the lag is zero",
        "once more than three retries failed",
        "what we need is an index",
        "read the log again",
        "it says that the key exists",
        "say that two workers write",
    ),
    "rephrase": (
        "I would explain the plan to them in simple words",
        "put it in a different table",
        "put it in other words, the join is skewed",
        "EXPLAIN ANALYZE first",
        "the cause is not clear to me, so I'd look at the stage metrics",
        "I don't understand why they partition by user",
        "rewrite the query",
        "clarify the deadline with the owner",
        "simplify the join",
        "rephrase the filter so that it can be pushed down",
        "the requirement is unclear, I'd ask for a number",
        "I don't get the pruning that I expect",
        "that makes no sense",
        "Explain",
    ),
    "give_answer": (
        "Tell the product owner that p99 stays above one second.",
        "give me the plan and I look at the exchange",
        "the right answer is to cluster",
        "show me the files that were read",
        "I'd tell them the truth",
        "the best solution is a queue",
        "tell me is what the metrics do: one task runs for hours",
        "the answer depends on skew",
        "the correct answer comes from the ledger",
        "I would give the solution a week",
        "answer late events with an upsert",
        "reveal nothing to the sender",
    ),
    "finish": (
        "Finish time matters less than freshness here.",
        "stop the stream",
        "stop it",
        "I'd stop the writers",
        "end to end it takes a second",
        "we are done when the offsets match",
        "exit code one",
        "finish the running batch and then stop",
        "quit early when the limit is reached",
        "the job is done",
        "stop the job and drain the queue",
        "end of stream markers",
        "stop()",
        "exit = 1",
    ),
    "done": (
        "that's it: the ranges overlap",
        "that's all the same file",
        "nothing is pruned",
        "nothing",
        "no more than two retries",
        "nothing to add to the index",
        "no more partitions",
        "everything is read",
        "thats all data since monday",
        "nothing else uses the table",
        "that covers the late rows",
        "that is about the cost",
    ),
    "pause": (
        "wait 5 minutes and retry",
        "one second",
        "about a minute",
        "wait for the watermark",
        "give it a minute to catch up",
        "hold on to the offset",
        "pause the consumer",
        "let me think about the plan: one task is slow",
        "I need more memory",
        "time out after a second",
        "wait until the lag is gone",
        "just a minute of delay is fine",
    ),
    "rude": (
        "this damn join is skewed because one key has half of the rows",
        "fuck, the key is null for half of the rows",
        "It's a stupid default: 200 partitions",
        "that would be stupid",
        "you are wrong to partition by user",
        "shut down the cluster",
        "the worst task runs for an hour",
        "this query is terrible, it reads everything",
        "a dumb retry makes it worse",
        "garbage collection takes half of the time",
        "Yes, that is stupid, a broadcast is cheaper",
        "kill the job",
        "it's a waste of money",
        "the shitty part is the shuffle",
    ),
    "small_talk": (
        "Hi! So the join is skewed because of one key.",
        "Good question. The sender retries.",
        "thanks, I'd use an index",
        "Great question. No.",
        "it's hot",
        "the partition is hot today",
        "hello world topic",
        "Good morning peaks overload it",
        "my name is Anna and I would sort by user",
        "cool data goes to cheap storage",
        "ok so retries",
        "nice values, low priority",
        "test it",
    ),
    "off_topic": (
        "the salary column is skewed",
        "let's talk about the join",
        "I want to talk about cost instead",
        "football fans are the hot key",
        "the model is retrained daily",
        "a bot writes half of the events",
        "who owns the table decides",
        "match the keys last",
        "the weather feed is late",
        "change the subject name in the registry",
        "time is in UTC",
        "a machine with more memory",
    ),
    "silent": ("42", "x", "no", "yes", "ok", "<5 ms", "99%", "Δ", "1 GB", "k=v", "a", "O(n)", "hmm skew"),
    "question": (
        "Is it slow? Yes, because every file's range covers all the users, so I would cluster by the user id.",
        "What matters is freshness.",
        "I would ask how many users there are.",
        "how the rows are sorted decides",
        "Why is it slow? The key is skewed.",
        "when the sender retries, we get it twice",
        "Which is why I would sort.",
        "is it sorted? no. is it pruned? no. so it reads everything",
        "Do nothing.",
        "Can be pruned",
        "The sender retries, right?",
        "maybe two?",
    ),
    "other_language": (
        "The de facto standard is Parquet, c'est la vie.",
        "The El Niño data is skewed towards La Paz and Los Angeles.",
        "Müller and Núñez from the São Paulo office own the table.",
        "DES keys, then ES for search",
        "I'd ask Jürgen, the Kafka guy, for the schema, he is from Köln.",
        "min, max, sum per file",
        "We call it Schadenfreude, and the angst is about the deadline.",
        "The μ and σ of the delay are known, so θ is three σ.",
        "naïve café résumé",
        "explode, posexplode, arrays_zip, inline, flatten",
        "users in 北京 and 東京 have half of the rows, so those keys are hot",
        "sort, merge, join, hash, skew",
        "I stay inside: transform(orders, o -> aggregate(filter(o.lines, l -> l.amt > 10), 0D, (s, l) -> s + l.amt))",
        "1e6 GB x $0.02 = 20k. other 30k smells like NAT processing, CUR grouped by usage type will tell",
        "non blocking, on par with Redis, per se fine",
        "I no understand good, but table have many small file and is slow",
    ),
    "code": (
        "select the files whose range holds the user",
        "From the plan I see that SELECT * FROM events reads every column.",
        "On a Bloom miss the operator increments a Redis counter;",
        "SELECT COUNT(DISTINCT user_id) is exact, so it spills; approx_count_distinct(user_id) is enough here.",
        "I'd call df.groupBy('user_id').count() first and look for the largest key.",
        "1e6 GB × $0.02 = $20K ≠ 50K; ~$54K is what internet egress would be",
        "with salting",
        "group by user and day",
        "Cause: skew. Fix: salting. Cost: one more shuffle.",
        "cause: skew\nfix: salting\ncost: one more shuffle",
        "I set spark.sql.shuffle.partitions = 2000 and watch the spill of the slowest task.",
        "Where the keys overlap, the files cannot be skipped.",
        "p99 = 3 s, p50 = 1 s, goal = 1 s",
        "- sort by user\n- compact at night\n- a cache in front",
    ),
    "essay": (
        PLAN,
        SPOKEN_LIST,
        f"{PLAN} " * 12,
        f"# Diagnosis\n{PLAN}\n# Remedy\n{PLAN}",
        f"In conclusion, {PLAN} {PLAN}",
        f"Furthermore, {PLAN} " * 5,
        f"First: {PLAN}\nSecond: {PLAN}\nThird: {PLAN}\nFourth: {PLAN}\nFifth: {PLAN}\nSixth: {PLAN}\nSeventh: {PLAN}",
        f"{PLAN} [1]",
        f"As they say at https://example.org, {PLAN} {PLAN} {PLAN} {PLAN} {PLAN}",
        "\n\n".join([PLAN] * 12),
        f"**Note** {PLAN} {PLAN} {PLAN} {PLAN} {PLAN} {PLAN}",
        f"so um {PLAN} and then um {PLAN} like i said {PLAN}",
    ),
}


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in MEANT.items() for text in texts])
def test_a_wish_is_read_as_what_it_is(intent: Intent, text: str) -> None:
    assert intent_of(text) == intent


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in NEAR.items() for text in texts])
def test_a_text_about_the_matter_is_an_answer_though_it_resembles_a_wish(intent: Intent, text: str) -> None:
    assert intent_of(text) == "answer"


def test_every_intent_but_the_answer_has_a_dozen_examples_on_either_side() -> None:
    others = set(get_args(Intent)) - {"answer"}

    assert {intent for intent, texts in MEANT.items() if len(set(texts)) >= 12} == others
    assert {intent for intent, texts in NEAR.items() if len(set(texts)) >= 12} == others


@pytest.mark.parametrize(
    "change",
    [str.upper, str.lower, lambda text: f"  {text}\n\n", lambda text: text.replace("'", "’")],
    ids=["upper", "lower", "blanks", "typographic"],
)
@pytest.mark.parametrize("intent", ["skip", "dont_know", "repeat", "rephrase", "finish", "done", "pause", "rude"])
def test_neither_case_nor_blanks_nor_apostrophes_matter(intent: Intent, change: Callable[[str], str]) -> None:
    assert {intent_of(change(text)) for text in MEANT[intent]} == {intent}


@pytest.mark.parametrize("intent", ["skip", "dont_know", "repeat", "rephrase", "finish", "done", "pause", "rude"])
def test_a_wish_beside_a_statement_is_an_answer(intent: Intent) -> None:
    said = {intent_of(f"{text.rstrip('.?!')}. The rows of one user lie in every file.") for text in MEANT[intent]}

    assert said == {"answer"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I don't know. Give me the answer.", "give_answer"),
        ("I don't know, next question.", "skip"),
        ("I'm done, next question please.", "skip"),
        ("Sorry, I don't understand. Can you repeat it?", "rephrase"),
        ("Wait, can you repeat that?", "repeat"),
        ("No idea, let's stop the interview.", "finish"),
        ("This is bullshit, I don't know.", "dont_know"),
        ("Nothing to add, you idiot.", "done"),
        ("Hello, you are useless.", "rude"),
    ],
)
def test_of_several_wishes_the_one_that_can_be_met_counts(text: str, intent: Intent) -> None:
    assert intent_of(text) == intent


def _credited() -> list[tuple[str, str]]:
    """Identifier and text of the answers open to fitting in which a labeller found a covered point."""
    found = []
    for folder in ("gold", "tuning", "fresh"):
        for path in sorted((ROOT / "evaluation" / folder).glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                item = json.loads(line)
                is_open = folder == "tuning" or item["split"] == "dev"
                if is_open and any(label["verdict"] == "covered" for label in item["labels"].values()):
                    found.append((item["id"], item["answer"]))
    return found


def test_no_credited_answer_is_read_as_anything_else() -> None:
    credited = _credited()

    assert len(credited) > 100
    assert [id for id, text in credited if intent_of(text) not in ANSWERS] == []


def test_code_is_an_answer_only_where_it_outweighs_the_words() -> None:
    code = "SELECT id FROM events;"

    assert is_code(code)
    assert is_code(f"-- {PLAN}\n{code}")
    assert not is_code(f"{PLAN}\n{code}")
    assert not is_code("")


def test_a_document_is_told_by_its_length_or_by_two_of_its_traits() -> None:
    assert is_essay("word " * 701)
    assert not is_essay("word " * 700)
    assert is_essay(DOCUMENT)
    assert not is_essay(DOCUMENT.replace("#", "").replace("[", "").replace("]", ""))


def test_the_language_is_that_of_most_of_the_words() -> None:
    german = "Ich würde die Tabelle nach dem Kunden sortieren, weil jede Datei alle Kunden enthält."

    assert is_other_language(german)
    assert is_other_language(f"{german} Data skipping works then.")
    assert not is_other_language(f"{german} {PLAN} {PLAN}")


HOSTILE = [
    "ok " * 6_666,
    "so " * 13 + "x",
    "please, " * 13 + "!",
    "a" * 20_000 + "?",
    "what " * 44 + "?",
    "can you " * 7,
    "?" * 20_000,
    "so,  " * 4_000,
    "i think i guess " * 3,
    "skip " + "it " * 12 + "x",
    "really just very so " * 15,
    "you are so very really just " * 10,
    "ﷺ" * 20_000,
    "select " * 2_857,
    "select a, " * 2_000,
    "(" * 20_000,
    "f(" * 10_000,
    "a.b" * 6_666,
    "a=" * 10_000,
    "# \n" * 6_666,
    "```\n" * 5_000,
    "**a" * 6_666,
    "- " * 10_000,
    "--a " * 5_000,
    "\"'" * 10_000,
    " " * 20_000 + "x",
    "\n" * 20_000 + "x",
    "的" * 20_000,
    "é" * 20_000,
    "der die das " * 1_666,
    "a b, " * 4_000,
    "1. A" + "a " * 10_000,
    "word_" * 4_000,
    "--a" + "=a" * 9_000 + "  x",
    "select\n" * 2_857,
    "x\n" + "\n" * 19_998,
    "my name is " * 27,
    "you are so " * 27,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:8]))
def test_a_hostile_text_is_read_within_a_tenth_of_a_second(hostile: str) -> None:
    began = time.process_time()

    intent_of(hostile)

    assert time.process_time() - began < 0.1


def test_an_answer_is_read_within_a_millisecond_on_average() -> None:
    texts = [text for _, text in _credited()]
    began = time.process_time()

    for text in texts:
        intent_of(text)

    assert time.process_time() - began < 0.001 * len(texts)


def test_all_from_me_ends_the_conversation_and_not_only_the_answer() -> None:
    assert intent_of("That's all from me, thanks.") == "finish"
    assert intent_of("That's it.") == "done"
