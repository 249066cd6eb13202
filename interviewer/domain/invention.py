"""What a wording adds to what was said: numbers, names, experience, and a "not" more or less (R19)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from interviewer.domain.rewriting import FIXED, MISSING_MARK, MISSING_PART
from interviewer.domain.scenario import Scenario
from interviewer.domain.stems import stemmed
from interviewer.domain.words import FUNCTION_WORDS, content_words, without_hidden, words

WORD_CHARACTERS = 60  # nothing longer is a word, and its stem would take long


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    return stemmed(word) if len(word) <= WORD_CHARACTERS else word


_MAGNITUDES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_LETTERS = {"k": (1e3,), "K": (1e3,), "M": (1e6,), "m": (1e6,), "bn": (1e9,), "B": (1e9,)}
_SMALL = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_SMALL |= {w: 10.0 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SHARES = {
    **dict.fromkeys("half halves halve halved halving".split(), 0.5),
    **dict.fromkeys("double doubles doubled doubling twice".split(), 2.0),
    **dict.fromkeys("triple triples tripled tripling thrice".split(), 3.0),
    **dict.fromkeys("quadruple quadrupled".split(), 4.0),
    **dict.fromkeys("quarter quarters".split(), 0.25),
    **dict.fromkeys(("third", "thirds"), 1 / 3),
    **dict.fromkeys(("fifth", "fifths"), 0.2),
    **dict.fromkeys(("tenth", "tenths"), 0.1),
}
_UNITS = {
    alias: unit
    for unit, aliases in {
        "ms": "ms msec millisecond milliseconds millis",
        "s": "s sec secs second seconds",
        "min": "m min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "week": "week weeks",
        "month": "month months",
        "year": "yr yrs year years",
        "kb": "kb kib kilobyte kilobytes",
        "mb": "mb mib megabyte megabytes",
        "gb": "g gb gib gig gigs gigabyte gigabytes",
        "tb": "t tb tib terabyte terabytes",
        "pb": "pb pib petabyte petabytes",
        "%": "% percent pct",
        "times": "x × times fold",
        "$": "$ dollar dollars usd",
        "€": "€ euro euros eur",
        "£": "£ pound pounds gbp",
    }.items()
    for alias in aliases.split()
}
_DIGITS = re.compile(
    r"(?<![A-Za-z\d])(?<![A-Za-z\d][.,_])([$€£] ?)?(\d+(?:[.,'’_]\d+)*)"
    r"((?:st|nd|rd|th)\b|[ -]?(?:%|×|per cent\b|[A-Za-zµ]+))?"
)
_NUMERALS = "|".join(sorted((*_SMALL, *(f"{word}s?" for word in _MAGNITUDES)), key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?:(?:(?P<many>a|one|two|three|four)[ -])?(?P<share>{'|'.join(sorted(_SHARES, key=len, reverse=True))})\b|"
    rf"(?P<run>(?:{_NUMERALS})\b(?:(?:[ -]| and )(?:{_NUMERALS})\b)*)(?P<half> and a half\b)?|"
    rf"(?P<fold>{'|'.join(_SMALL)}|hundred|thousand)fold\b)(?P<unit>[ -](?:per cent\b|[^\W\d_]+)|%)?",
    re.IGNORECASE,
)
_ORDINALS = frozenset("third thirds fifth fifths tenth tenths quarter quarters".split())
_CHINESE = re.compile("[〇零一二三四五六七八九十百千万亿億萬两兩]+")
_SPACED = re.compile(r"(?<![\d.,])(\d{1,3}(?: \d{3})+)(?![\d])")

Reading = tuple[str, str]  # a value and its unit, "" without one


class _Number(NamedTuple):
    shown: str
    start: int
    end: int
    readings: frozenset[Reading]


def _numbers(text: str) -> list[_Number]:
    """The numbers of `text` in order. Where one can be read in two ways (1,500), both readings are there."""
    found = list(_in_digits(text))
    taken = {place for number in found for place in range(number.start, number.end)}
    found += [number for number in _spelled(text) if number.start not in taken]  # the million of 1.5 million
    for match in _CHINESE.finditer(text):
        if match.group() != "一":
            found.append(_Number(match.group(), *match.span(), frozenset({(match.group(), "")})))
    return sorted(found, key=lambda number: number.start)


def _in_digits(text: str) -> Iterator[_Number]:
    for match in _DIGITS.finditer(text):
        currency, digits, tail = (match.group(1) or "").strip(), match.group(2), match.group(3) or ""
        tail_word = tail.strip(" -")
        values: list[Reading] = []
        end = match.end(2)
        unit = _unit(tail_word) or _UNITS.get(currency, "")
        if unit or (tail and tail_word in ("st", "nd", "rd", "th")):
            end = match.end()
        for value in _values(digits):
            values.append((value, unit))
            magnitude = _MAGNITUDES.get(tail_word.lower().removesuffix("s"))
            factors = (magnitude,) if magnitude else _LETTERS.get(tail, ())
            if factors and value.replace(".", "").isdigit():
                end = match.end()
                larger = [(_written(float(value) * factor), _UNITS.get(currency, "")) for factor in factors]
                values = [*(values if _unit(tail_word) else ()), *larger]
        if end == match.end() or not tail or tail[0] in " -":  # else it is part of a name such as 3NF
            yield _Number(text[match.start() : end], match.start(), end, frozenset(values))


def _values(digits: str) -> list[str]:
    plain = re.sub(r"[.,'’_]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:([.,'’_])\d{3})(?:\1\d{3})*", digits):
        decimal = [_written(float(digits.replace(",", ".")))] if re.fullmatch(r"\d+[.,]\d+", digits) else []
        return [_written(float(plain)), *decimal]
    if re.fullmatch(r"\d+(?:,\d{3})+\.\d+", digits):
        return [_written(float(digits.replace(",", "")))]
    if re.fullmatch(r"\d+(?:[.,]\d+)?", digits):
        return [_written(float(digits.replace(",", ".")))]
    return [digits]


def _spelled(text: str) -> Iterator[_Number]:
    for match in _SPELLED.finditer(text):
        unit = _unit((match.group("unit") or "").strip(" -"))
        end = match.end() if unit or not match.group("unit") else match.start("unit")
        run, share, fold = (match.group(name) for name in ("run", "share", "fold"))
        if run:
            spoken = [word for word in re.split(r"[ -]|\band\b", run.lower()) if word]
            if spoken == ["one"] and not unit and not match.group("half"):
                continue  # "this one", "one of them"
            value = _spoken_value(spoken) + (0.5 if match.group("half") else 0.0)
        elif fold:
            value, unit = _spoken_value([fold.lower()]), "times"
        else:
            many = (match.group("many") or "").lower()
            if share.lower() in _ORDINALS and not many:
                continue  # "third, I would ..."
            value = _SHARES[share.lower()] * _SMALL.get(many, 1.0)
            unit = unit or ("times" if _SHARES[share.lower()] > 1 else "")
        yield _Number(text[match.start() : end], match.start(), end, frozenset({(_written(value), unit)}))


def _spoken_value(spoken: Sequence[str]) -> float:
    total = current = 0.0
    for word in spoken:
        magnitude = _MAGNITUDES.get(word.removesuffix("s"))
        if magnitude is None:
            current += _SMALL[word]
        elif magnitude <= 100:
            current = max(1.0, current) * magnitude
        else:
            total, current = total + max(1.0, current) * magnitude, 0.0
    return total + current


def _unit(word: str) -> str:
    return "%" if word.lower() == "per cent" else _UNITS.get(word.lower(), "")


def _written(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


_NAME_TOKEN = re.compile(r"[^\W_]+(?:[-_.'’][^\W_]+)*")
_PLAIN = re.compile(r"[^\W_]+")
_OPENERS = frozenset(
    "first second third next finally later afterwards initially currently additionally however therefore thus "
    "meanwhile overall today yes ok".split()
)
_PREDICATES = frozenset("is was has had will would can could does did should may might must".split())
_TECHNOLOGIES = re.split(
    r",\s+",
    """Airbyte, Airflow, Athena, Avro, AWS, Azure, BigQuery, Cassandra, ClickHouse, CockroachDB, Dagster, Databricks,
    Datadog, Dataproc, dbt, Debezium, Delta Lake, Docker, Druid, DuckDB, DynamoDB, EC2, Elasticsearch, EMR, Fivetran,
    Flink, GCP, GCS, GitHub, GitLab, Grafana, Hadoop, HBase, HDFS, Hudi, Iceberg, Java, Jenkins, JSON, Kafka,
    Kinesis, Kubernetes, Liquid Clustering, Looker, MapReduce, Memcached, MongoDB, MySQL, OpenSearch, ORC, Parquet,
    Photon, Pinot, Postgres, PostgreSQL, Power BI, Presto, Prometheus, Protobuf, Pub/Sub, Pulsar, PySpark, Python,
    RabbitMQ, Redis, Redshift, RocksDB, S3, Salesforce, Scala, ScyllaDB, Snowflake, Snowpipe, Spanner, Spark, SQLite,
    SQS, Tableau, Terraform, Trino, Unity Catalog, Z-order, ZooKeeper""",
)
_SAME_NAME = (
    ("postgres", "postgresql"),
    ("k8s", "kubernetes"),
    ("dynamo", "dynamodb"),
    ("mongo", "mongodb"),
    ("elastic", "elasticsearch"),
    ("delta", "deltalake"),
    ("cockroach", "cockroachdb"),
)


def known_names(scenario: Scenario) -> frozenset[str]:
    """The technologies and topics of the scenario, which count as names in whatever case they are written."""
    return frozenset((*scenario.technologies, *scenario.topics))


_PAST = {
    form: base
    for base, *forms in (
        verb.split(":")
        for verb in """be:was:were:been have:had do:did:done go:went:gone lead:led build:built run:ran
        write:wrote:written make:made take:took:taken give:gave:given get:got:gotten find:found bring:brought
        keep:kept hold:held lose:lost send:sent spend:spent choose:chose:chosen drive:drove:driven
        begin:began:begun grow:grew:grown fall:fell:fallen rise:rose:risen see:saw:seen say:said tell:told
        think:thought mean:meant feel:felt leave:left meet:met pay:paid sell:sold teach:taught know:knew:known
        show:shown break:broke:broken speak:spoke:spoken buy:bought catch:caught deal:dealt win:won
        shrink:shrank:shrunk come:came become:became draw:drew:drawn throw:threw:thrown hide:hid:hidden
        stand:stood understand:understood rebuild:rebuilt rewrite:rewrote:rewritten oversee:oversaw
        undertake:undertook wear:wore speed:sped sink:sank stick:stuck fight:fought forget:forgot""".split()
    )
    for form in forms
}
_ALSO_PAST = frozenset("cut put set read let hit split shut spread cost reset quit".split())
_NOT_PAST = frozenset(
    "need feed seed speed exceed proceed succeed embed shed bleed breed heed indeed bed hundred".split()
)
_OF_THE_TALK = frozenset(
    map(_stem, "say mention mean think forget tell assume guess".split())
)  # "as I said" tells no story
_CLAIM = re.compile(
    r"\b(i|we|(?:my|our|the) team)('ve|'d| have| had| did)?((?: (?:\w+ly|also|then|first|never|just|once|even|already|"
    r"later))*) ([a-z]+)"
)
_FURTHER = re.compile(r"(?:,|\b(?:and|then|but)) (?:(?:and|then|also|later|finally) )*([a-z]+)")
_SUPPOSED = re.compile(r"\b(?:if|as|like|what|whether|once|when|until) (?:i|we) \w+")
_STATEMENT = re.compile(r"(?:[^.!?;…\n]|\.(?=\w))+")
_OUTCOMES = frozenset(
    _stem(verb)
    for verb in """reduce improve increase decrease drop fall save eliminate solve resolve result achieve lower boost
    double halve go speed shrink grow bring prevent accelerate deliver succeed""".split()
)
_NO_CLAIM_FIRST = frozenset("based given compared provided".split())
_EXPERIENCE = re.compile(
    r"\b(?:(?:at|in) (?:my|our) (?:last|previous|former|old|current|past) \w+|years of experience|"
    r"(?:in )?my experience|my career|i have experience|"
    r"i am (?:an? )?(?:senior|lead|expert|experienced|responsible)\w*)"
)


class _Heard(NamedTuple):
    """What was said, in the forms in which a wording is compared with it."""

    readings: frozenset[Reading]
    names: frozenset[str]
    stems: frozenset[str]
    told: frozenset[str]  # stems of the verbs that were said in the past tense
    is_story: bool


def invented(text: str, said: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """What stands in `text` and not in `said`: numbers, names, and claims of experience, as they stand there.

    Numbers agree by value, and by unit where `text` gives one. Names are what is written like one, the `known`, and
    technologies that everybody knows. An experience is what "I" or "we" did: `said` must tell it in the past as well.
    The fixed `[missing: …]` texts hold nothing; others are read like the rest and may hold no number at all.
    """
    heard = _heard(said)
    plain = without_hidden(text)
    parts = [part for part in MISSING_PART.findall(plain) if part not in FIXED]
    rest = MISSING_PART.sub(" . ", plain)
    blank = _without_numbers(rest)
    found = [number.shown for part in parts for number in _numbers(part)]
    found += [number.shown for number in _numbers(_spaceless(rest)) if not number.readings & heard.readings]
    for part in (blank, *(_without_numbers(MISSING_MARK.sub("", part)) for part in parts)):
        found += _new_names(part, heard, known)
    found += _new_claims(rest, heard)
    return tuple(dict.fromkeys(" ".join(item.split()) for item in found))


def said_share(text: str, said: str) -> float:
    """The share of the content words of `text` that stand in `said` in some inflection, 0 to 1; 0 without any."""
    own = _stems(MISSING_PART.sub(" ", text))
    known = _heard(said).stems
    return sum(stem in known for stem in own) / len(own) if own else 0.0


def turned_round(text: str, said: str) -> tuple[str, ...]:
    """The words that `text` denies and `said` only affirms, or the other way round."""
    own_yes, own_no = _polarity(text)
    yes, no = _polarity(said)
    both = yes.keys() & no.keys()
    return tuple(
        own[stem]
        for own, other in ((own_yes, no), (own_no, yes))
        for stem in own
        if stem in other and stem not in both and not (stem in own_yes and stem in own_no)
    )


@lru_cache(maxsize=8)
def _heard(said: str) -> _Heard:
    plain = without_hidden(said)
    readings: set[Reading] = set()
    for form in {plain, _spaceless(plain)}:
        numbers = _numbers(form)
        for number in numbers:
            readings |= number.readings | {(value, "") for value, _ in number.readings}
        for number, following in pairwise(numbers):  # "from 40 down to 5 minutes"
            if re.fullmatch(r"\s*(?:(?:down |up )?to|-|–|/|or|and)\s*", form[number.end : following.start]):
                units = {unit for _, unit in following.readings}
                readings |= {(value, unit) for value, own in number.readings if not own for unit in units}
    claims = {_lemma(verb) for statement in _statements(_straight(plain)) for verb, _ in _past(statement)}
    told = {_lemma(word) for word in words(plain) if _is_past(word) or word in _ALSO_PAST} | claims
    is_story = bool(claims - _OF_THE_TALK)
    return _Heard(frozenset(readings), _grams(plain), frozenset(_stems(plain)), frozenset(told), is_story)


def _new_names(text: str, heard: _Heard, known: Collection[str]) -> Iterator[str]:
    names = (*_TECHNOLOGIES, *sorted(known))
    grams = _grams(text)
    for name in names:
        if " " in name and _is_said(name, heard):  # "Delta Lake" when "Delta" was said
            text = re.sub(re.escape(name), lambda match: match.group().lower().split()[0], text, flags=re.IGNORECASE)
    tokens = list(_NAME_TOKEN.finditer(text))
    end = 0
    for index, token in enumerate(tokens):
        starts = index == 0 or bool(re.search(r"[.!?:;…\n]", text[end : token.start()]))
        end = token.end()
        following = tokens[index + 1].group() if index + 1 < len(tokens) else ""
        word = re.sub(r"['’]s$", "", token.group())
        if _looks_like_a_name(word, starts, following) and not _is_said(word, heard):
            yield word
    for name in names:
        if _folded(name) in grams and not _is_said(name, heard):
            yield name


def _looks_like_a_name(word: str, starts: bool, following: str) -> bool:
    bare = re.split(r"['’]", word)[0]
    if len(bare) < 2 or bare.lower() in ("e.g", "i.e", "a.m", "p.m", "ok") or bare.lower() in FUNCTION_WORDS - {"it"}:
        return False
    if re.search(r"[-_.]", bare) or (re.search(r"\d", bare) and re.search(r"[^\W\d_]", bare)):
        return True
    if re.search(r"[^\W\d_A-Z][A-Z]", bare) or re.fullmatch(r"[A-Z]{2,}s?", bare):
        return bare != "IT" or not starts
    if not bare[0].isupper() or bare == "It":
        return False
    if not starts:
        return True
    subject = following in _PREDICATES or (len(following) > 3 and following.endswith("s") and following[-2] != "s")
    return subject and bare.lower() not in _OPENERS and not re.search(r"(?:s|ed|ing|ly)$", bare)


def _is_said(name: str, heard: _Heard) -> bool:
    folded = _folded(name)
    if not {folded, f"{folded}s", folded.removesuffix("s")}.isdisjoint(heard.names):
        return True
    parts = [part for part in _PLAIN.findall(name.casefold()) if part not in FUNCTION_WORDS]
    return bool(parts) and all(_stem(part) in heard.stems or part in heard.names for part in parts)


def _new_claims(text: str, heard: _Heard) -> Iterator[str]:
    lowered = _straight(text)
    for statement in _statements(lowered):
        claims = list(_past(statement))
        for verb, shown in claims:
            lemma = _lemma(verb)
            if lemma not in heard.told or not (heard.is_story or lemma in _OF_THE_TALK):
                yield shown
        for match in _FURTHER.finditer(statement) if claims else ():
            if _is_past(match.group(1)) and _lemma(match.group(1)) not in heard.told:
                yield match.group(1)
        for verb, shown in _perhaps_past(statement):
            if _lemma(verb) not in heard.told:
                yield shown
        found = words(statement)
        if found and _is_past(found[0]) and found[0] not in _NO_CLAIM_FIRST and _lemma(found[0]) not in heard.told:
            yield found[0]
        for word in found:
            if _is_past(word) and _lemma(word) in _OUTCOMES and _lemma(word) not in heard.told:
                yield word
    for match in _EXPERIENCE.finditer(lowered):
        if not all(_stem(word) in heard.stems for word in content_words(match.group())):
            yield match.group()


def _past(statement: str) -> Iterator[tuple[str, str]]:
    """The verbs that "I" or "we" are said to have done, each with the words that say it."""
    for match in _CLAIM.finditer(_SUPPOSED.sub(" ", statement)):
        aux, verb = (match.group(2) or "").strip(), match.group(4)
        if aux == "did":
            yield ("did" if verb in FUNCTION_WORDS else verb), match.group()
        elif aux in ("have", "'ve"):
            if _is_past(verb) or verb in _ALSO_PAST or verb in ("run", "come", "become"):
                yield verb, match.group()
        elif _is_past(verb):
            yield verb, match.group()
        elif aux == "had":
            yield "had", match.group()


def _perhaps_past(statement: str) -> Iterator[tuple[str, str]]:
    """As `_past`, for verbs such as "cut" whose form does not say when."""
    for match in _CLAIM.finditer(statement):
        if not match.group(2) and match.group(4) in _ALSO_PAST:
            yield match.group(4), match.group()


def _is_past(word: str) -> bool:
    if word in _PAST:
        return True
    return word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST


def _lemma(word: str) -> str:
    return _stem(_PAST.get(word, word))


_NEGATOR = re.compile(r"^(?:not|no|never|without|nor|neither|cannot|avoid|avoids|avoiding)$|n't$")
_CLAUSE = re.compile(r"[.,;:!?()\n—–]|\b(?:but|because|since|so|which|although|while|and then)\b")
_INSTEAD = re.compile(r"\b(?:rather than|instead of)\b")
_NOT_ONLY = re.compile(r"\bnot (?:only|just)\b")
_DENIED_WORDS = 3


def _polarity(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The content words that are affirmed and those within reach of a negation: stem -> word."""
    affirmed: dict[str, str] = {}
    denied: dict[str, str] = {}
    plain = _INSTEAD.sub(" not ", _NOT_ONLY.sub(" ", _straight(MISSING_PART.sub(" . ", without_hidden(text)))))
    for clause in _CLAUSE.split(plain):
        reach = 0
        for word in words(clause):
            if _NEGATOR.search(word):
                reach = _DENIED_WORDS
            elif word not in FUNCTION_WORDS:
                (denied if reach else affirmed).setdefault(_lemma(word), word)
                reach = max(0, reach - 1)
    return affirmed, denied


def _statements(text: str) -> list[str]:
    return [" ".join(match.group().split()) for match in _STATEMENT.finditer(text)]


def _straight(text: str) -> str:
    return text.replace("’", "'").lower()


def _spaceless(text: str) -> str:
    """With 1 000 000 as 1000000."""
    return _SPACED.sub(lambda match: match.group().replace(" ", ""), text)


def _without_numbers(text: str) -> str:
    for number in reversed(_numbers(text)):
        text = f"{text[: number.start]}{' ' * (number.end - number.start)}{text[number.end :]}"
    return text


def _folded(name: str) -> str:
    return "".join(_PLAIN.findall(name.casefold()))


def _grams(text: str) -> frozenset[str]:
    """Every one, two or three words in a row, written together, so that "Z order" and "z-order" are the same."""
    found = _PLAIN.findall(text.casefold())
    grams = {"".join(found[i : i + length]) for length in (1, 2, 3) for i in range(len(found) - length + 1)}
    for pair in _SAME_NAME:
        if not grams.isdisjoint(pair):
            grams.update(pair)
    return frozenset(grams)


def _stems(text: str) -> list[str]:
    """The stems of the content words in order; verbs by their base form, joined words by their parts as well."""
    found: list[str] = []
    for word in content_words(text):
        parts = _PLAIN.findall(word)
        found.extend(_lemma(part) for part in parts if part not in FUNCTION_WORDS or len(parts) == 1)
    return found
