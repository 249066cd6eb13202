"""What a first scenario begins with: a short example of each part, to be written over."""

from __future__ import annotations

from typing import Any

QUESTION = """\
Every night a job copies a table into the warehouse. Since Monday it has taken nine hours instead of two, although the \
table has grown by only one percent.

How do you find out what happened, and what do you change?"""

REFERENCE = """\
I compare the slow run with a fast one before I change anything: which step takes the extra seven hours, and what \
changed on Monday. In my experience one step has most of it.

Then I would load only the rows that changed since the last run, by a column with the time of the change, so that the \
work no longer grows with the table.

To see that it works I compare the row count and a checksum of both tables after every load, and raise an alert when a \
run takes twice as long as usual."""

_POINTS: tuple[dict[str, Any], ...] = (
    {
        "weight": 40,
        "must": True,
        "dimension": "diagnosis",
        "text": "Compares a slow run with a fast one step by step, to find the one that got slower, before any change.",
        "phrasings": [
            "I put the log of a fast night beside a slow one and look for the step with the extra hours.",
            "First I want to know which step takes longer since Monday, and what was changed that day.",
        ],
        "misconceptions": ["A bigger machine brings the two hours back, so there is no need to look for the cause."],
        "terms": ["compare|beside|difference|which step", "run|night|step|log"],
    },
    {
        "weight": 35,
        "dimension": "solution",
        "text": "Loads only the rows that changed since the last run, so that the time no longer grows with the table.",
        "phrasings": [
            "I would copy just what changed since yesterday, by its modification time.",
            "An incremental load with a watermark moves a few thousand rows instead of all of them.",
        ],
        "misconceptions": ["Copying the whole table is the only way to be sure that nothing is missing."],
        "terms": ["incremental|only|just|watermark|delta", "changed|new|modified|rows"],
    },
    {
        "weight": 25,
        "dimension": "validation",
        "text": "Checks row count and checksum of both tables after every load, with an alert for a slow run.",
        "phrasings": [
            "After each load I compare the number of rows and a checksum with the source.",
            "An alert tells me when a run takes twice as long as usual.",
        ],
        "misconceptions": ["A job that ended without an error has copied everything, so no check is needed."],
        "terms": ["compare|check|alert|monitor", "count|checksum|rows|run|long"],
    },
)


def template(id: str, title: str) -> dict[str, Any]:
    """A valid draft under this id and title."""
    points = [{"id": f"{id}.{number}", **point} for number, point in enumerate(_POINTS, 1)]
    return {
        "schema": 1,
        "id": id,
        "title": title,
        "difficulty": "medium",
        "level": ["mid", "senior"],
        "topics": ["pipelines"],
        "time_minutes": 15,
        "status": "draft",
        "provenance": {"origin": "original", "licence": "own work"},
        "key_points": points,
        "probes": [
            {
                "id": "p1",
                "type": "clarify",
                "targets": [f"{id}.1"],
                "when": "missing",
                "ask": "What would you look at before you touch the job?",
                "strong": "Looks for the step that takes the time.",
                "weak": "Restarts it and waits.",
            }
        ],
        "question": QUESTION,
        "context": [{"question": "Did anything change on Monday?", "answer": "A new column was added to the source."}],
        "reference": REFERENCE,
    }
