"""The command line: what goes in, what comes out, and the exit codes."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.adapters.coach import matcher
from interviewer.adapters.openai_model import LocalServer
from interviewer.bootstrap import resources
from interviewer.cli import commands
from interviewer.cli.doctor import local_checks
from interviewer.settings import Settings
from tests.fakes.http_server import FakeServer

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "hard-31.md"
ANSWER = (
    "The table is partitioned by date but the query filters on user_id, so partition pruning does nothing. "
    "I would cluster the table by user_id, so that each file covers a narrow range of users."
)
RECORD = {"id": "a", "scenario": "hard-31", "answer": ANSWER}


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the person who runs the tests, and a folder without .env."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "127.0.0.1")
    monkeypatch.chdir(tmp_path)


def call(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(commands, arguments, input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def script(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from interviewer.cli import main; main()", *arguments]


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    assert {"run", "grade", "simulate", "scenarios", "doctor"} <= set(call("--help").stdout.split())
    heavy = "streamlit openai onnxruntime sqlalchemy numpy pydantic"
    check = f"import sys, interviewer.cli; print(*set('{heavy}'.split()) & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_grade_gives_one_line_for_each_record() -> None:
    result = call("grade", given=json.dumps(RECORD) + "\n" + json.dumps({**RECORD, "id": "b", "answer": "Hm."}))
    assert result.exit_code == 0, result.stderr
    good, poor = lines(result)
    assert list(good) == ["id", "engine", "score", "points", "star", "level_signal", "ungraded", "warnings"]
    assert set(good["points"][0]) == {"id", "verdict", "credit", "quote", "reason"}
    assert set(good["star"]) == {"situation", "task", "action", "result"}
    assert (good["id"], poor["id"]) == ("a", "b")
    assert good["score"] > poor["score"]


def test_a_malformed_line_is_named_the_rest_is_graded_and_the_exit_code_tells() -> None:
    result = call("grade", given="\n".join((json.dumps(RECORD), "{not json", json.dumps(RECORD))))
    first, second, third = lines(result)
    assert first["score"] == third["score"]
    assert second["line"] == 2
    assert "not valid JSON" in second["error"]
    assert result.exit_code == 1
    assert result.stderr == "interviewer: 1 of 3 lines could not be graded. Their output lines say why.\n"


def test_without_a_terminal_there_is_no_progress_bar() -> None:
    assert call("grade", given=json.dumps(RECORD)).stderr == ""


def test_nothing_given_gives_nothing() -> None:
    result = call("grade")
    assert (result.exit_code, result.output) == (0, "")


def test_a_reader_that_goes_away_is_no_error_worth_a_word() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    records = f"{json.dumps(RECORD)}\n".encode() * 300  # more than a pipe holds
    Path("in.jsonl").write_bytes(records)
    with (
        Path("in.jsonl").open("rb") as given,
        subprocess.Popen(
            script("grade"), stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as process,
    ):
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["id"] == "a"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) == 1


@pytest.mark.parametrize("command", [["grade"], ["simulate", "--scenario", "hard-31", "--candidate", "mid"]])
def test_insisting_on_a_model_without_one_says_which_setting_is_missing(command: list[str]) -> None:
    result = call(*command, "--engine", "llm", given=json.dumps(RECORD))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("interviewer: ")
    assert "INTERVIEWER_MODEL" in result.stderr


def test_simulate_prints_every_turn_and_last_how_it_ended() -> None:
    result = call("simulate", "--scenario", "hard-31", "--candidate", "mid", "--turns", "3", "--seed", "1")
    assert result.exit_code == 0, result.stderr
    *turns, end = lines(result)
    assert [turn["n"] for turn in turns] == list(range(len(turns)))
    assert [turn["role"] for turn in turns] == ["interviewer", "candidate"] * (len(turns) // 2) + ["interviewer"]
    assert set(turns[0]) == {"type", "n", "role", "text", "move", "target", "reason", "engine"}
    assert (turns[0]["move"], turns[-1]["move"]) == ("open", "close")
    assert set(end) == {"type", "reason", "coverage", "score"}
    assert 0 <= end["coverage"] <= 1
    assert 0 <= end["score"] <= 100


def test_simulate_names_an_unknown_scenario() -> None:
    result = call("simulate", "--scenario", "nowhere", "--candidate", "mid")
    assert result.exit_code == 1
    assert "There is no scenario 'nowhere'." in result.stderr


@pytest.mark.parametrize("wrong", [["--candidate", "clever"], ["--candidate", "mid", "--turns", "0"]])
def test_wrong_usage_is_told_apart_from_a_failure(wrong: list[str]) -> None:
    assert call("simulate", "--scenario", "hard-31", *wrong).exit_code == 2


def test_simulate_reports_each_call_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(reply="That was a great answer, was it not?") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("INTERVIEWER_MODEL", "some-model")
        server.json_reply = {"findings": []}
        result = call("simulate", "--scenario", "hard-31", "--candidate", "weak", "--turns", "3", "--engine", "llm")
    assert result.exit_code == 0, result.stderr
    events = lines(result)
    calls = [event for event in events if event["type"] == "call"]
    assert {event["purpose"] for event in calls} == {"question", "grade"}
    assert set(calls[0]) == {"type", "purpose", "input_tokens", "cached_tokens", "output_tokens", "seconds"}
    assert (calls[-1]["input_tokens"], calls[-1]["cached_tokens"]) == (1200, 1024)
    reworded = [event["reason"] for event in events if event.get("move") == "probe"]
    assert reworded
    assert all("model's wording not used: praises" in reason for reason in reworded)
    assert events[-1]["score"] is None


@pytest.mark.parametrize("command", [["grade"], ["simulate", "--scenario", "hard-31", "--candidate", "weak"]])
def test_a_failing_endpoint_ends_an_llm_run_with_an_error(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("INTERVIEWER_MODEL", "fake:bad_key")
        result = call(*command, "--engine", "llm", given=json.dumps(RECORD))
    assert result.exit_code == 1
    assert result.stderr.startswith("interviewer: ")
    assert "end" not in {line.get("type") for line in lines(result)}
    assert "score" not in result.stdout


def test_doctor_finds_a_fresh_installation_in_order(tmp_path: Path) -> None:
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "data") in result.stdout
    assert "checksum is right" in result.stdout
    assert "100 of 100" in result.stdout
    assert not any(line.startswith("broken") for line in result.stdout.splitlines())


def test_doctor_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "hunter2")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url.replace("://", "://hunter2:hunter2@"))
        monkeypatch.setenv("INTERVIEWER_MODEL", "fake:bad_key")
        monkeypatch.setenv("INTERVIEWER_DATABASE_URL", "postgresql://hunter2:hunter2@127.0.0.1:9/db?password=hunter2")
        result = call("doctor")
    assert result.exit_code == 1
    assert "hunter2" not in result.output


def test_doctor_tries_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("INTERVIEWER_MODEL", "some-model")
        well = call("doctor")
        monkeypatch.setenv("INTERVIEWER_MODEL", "fake:bad_key")
        ill = call("doctor")
    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert "broken   endpoint" in ill.stdout


@pytest.mark.parametrize(
    ("setting", "value", "part"),
    [
        ("INTERVIEWER_ENGINE", "magic", "settings"),
        ("INTERVIEWER_ENGINE", "llm", "engine"),
        ("INTERVIEWER_DATABASE_URL", "oracle://nowhere", "database"),
        ("INTERVIEWER_SCENARIOS_DIR", "nowhere", "scenarios"),
    ],
)
def test_doctor_names_what_is_broken(setting: str, value: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(setting, value)
    result = call("doctor")
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.stdout.splitlines() if line.startswith("broken")] == [part]


def test_doctor_tells_when_the_coach_must_do_without_its_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(matcher, "FOLDER", tmp_path)
    result = call("doctor")
    assert result.exit_code == 1
    assert "lexical only" in result.stdout


def copied(folder: Path, name: str) -> Path:
    """A copy of the scenario with the exhibits that it names."""
    shutil.copytree(SCENARIO.parent / "exhibits", folder / "exhibits", dirs_exist_ok=True)
    return Path(shutil.copy(SCENARIO, folder / name))


def test_doctor_counts_the_scenarios_that_can_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(tmp_path))
    copied(tmp_path, "good.md")
    (tmp_path / "bad.md").write_text("nothing")
    result = call("doctor")
    assert "1 of 2 read" in result.stdout
    assert result.exit_code == 1


def test_doctor_says_which_model_servers_run_on_this_machine_and_how_to_use_them() -> None:
    ollama = LocalServer("http://127.0.0.1:11434/v1", "Ollama", tuple(f"model-{number}" for number in range(7)))
    other = LocalServer("http://127.0.0.1:8080/v1", "llama.cpp", ("one\nmodel",))

    first, second = local_checks([ollama, other])

    assert (first.status, second.status) == ("ok", "ok")
    assert "offers model-0, model-1, model-2, model-3, model-4 and 2 more." in first.words
    assert "OPENAI_BASE_URL=http://127.0.0.1:11434/v1 and INTERVIEWER_MODEL" in first.words
    assert "OLLAMA_CONTEXT_LENGTH" in first.words
    assert "offers one model." in second.words
    assert "OLLAMA" not in second.words


def test_doctor_warns_of_a_local_server_without_a_model_and_is_content_without_a_server() -> None:
    [warning] = local_checks([LocalServer("http://127.0.0.1:11434/v1", "Ollama", ())])
    [nothing] = local_checks([])

    assert (warning.status, nothing.status) == ("warning", "ok")
    assert "no model yet" in warning.words


def test_doctor_looks_for_local_model_servers_last() -> None:
    assert call("doctor").stdout.splitlines()[-1].split()[1] == "local"


def test_scenarios_are_listed_as_a_table() -> None:
    head, *rows = call("scenarios", "list").stdout.splitlines()
    assert head.split() == ["id", "difficulty", "minutes", "title"]
    assert len(rows) == 100
    assert rows[0].split()[:3] == ["easy-01", "easy", "10"]


def test_a_list_with_unreadable_files_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(tmp_path))
    (tmp_path / "bad.md").write_text("nothing")
    result = call("scenarios", "list")
    assert result.exit_code == 1
    assert "1 file could not be read" in result.stderr


def test_a_scenario_is_shown_whole() -> None:
    shown = call("scenarios", "show", "hard-31").stdout
    for text in ("One user's events", "Propose three changes", "hard-31.6", "Contradicts:", "I begin with the cause."):
        assert text in shown


def test_an_unknown_scenario_is_not_shown() -> None:
    assert call("scenarios", "show", "nowhere").exit_code == 1


def test_the_shipped_scenarios_have_no_errors() -> None:
    result = call("scenarios", "lint")
    assert result.exit_code == 0, result.stdout
    assert "files: 100, errors: 0" in result.stderr


def test_lint_names_file_line_and_field_of_an_error(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(
        SCENARIO.read_text().replace("weight: 25", "weight: 26").replace("difficulty: hard", "dificulty: x")
    )
    result = call("scenarios", "lint", str(path))
    assert result.exit_code == 1
    found = result.stdout.splitlines()
    assert f"{path}:5: dificulty: unknown field; check its spelling" in found
    assert all(line.startswith(f"{path}:") for line in found)


def test_lint_finds_an_id_that_two_files_share(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        copied(tmp_path, name)
    result = call("scenarios", "lint", str(tmp_path))
    assert result.exit_code == 1
    assert "duplicate id 'hard-31'" in result.stdout


def test_lint_warnings_do_not_fail(tmp_path: Path) -> None:
    path = copied(tmp_path, "mine.md")
    path.write_text(
        SCENARIO.read_text().replace("verified_on: 2026-11-23, volatile", "verified_on: 2020-01-01, volatile")
    )
    result = call("scenarios", "lint", str(path))
    assert result.exit_code == 0
    assert "warning: volatile fact" in result.stdout


def test_run_starts_the_page_on_loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["interviewer"])
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: started.append(list(sys.argv)))
    assert call("run", "--port", "8600").exit_code == 0
    (arguments,) = started
    assert arguments[:3] == ["streamlit", "run", str(resources() / "app.py")]
    assert {"--server.port=8600", "--server.address=127.0.0.1"} <= set(arguments)
    # Streamlit takes the settings that lie beside the page, whatever folder it is started from.
    assert (resources() / ".streamlit" / "config.toml").is_file()


@pytest.mark.parametrize("way", ["INTERVIEWER_LOGIN", "INTERVIEWER_ALLOW_ANYONE"])
def test_run_listens_where_others_are_only_when_people_are_told_apart(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["interviewer"])
    monkeypatch.setattr(runpy, "run_module", lambda *_, **__: started.append(list(sys.argv)))
    refused = call("run", "--address", "0.0.0.0")
    monkeypatch.setenv(way, "1")
    taken = call("run", "--address", "0.0.0.0")

    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert taken.exit_code == 0
    assert ["--server.address=0.0.0.0" in arguments for arguments in started] == [True]
    assert os.environ["FORWARDED_ALLOW_IPS"] == "", "a header of a local proxy could say who asks"


def test_eval_grading_prints_the_tables_of_the_labelled_answers(tmp_path: Path) -> None:
    line = (ROOT / "evaluation" / "gold" / "hard-31.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "few.jsonl").write_text(line + "\n", encoding="utf-8")

    result = call("eval", "grading", "--engine", "coach", "--split", "all", "--gold", str(tmp_path))

    assert result.exit_code == 0, result.stderr
    assert "credited or not, macro-F1" in result.stdout
    assert "| expert | 6 |" in result.stdout


def test_eval_grading_names_the_line_that_is_not_a_labelled_answer(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n", encoding="utf-8")

    result = call("eval", "grading", "--engine", "coach", "--gold", str(tmp_path))

    assert result.exit_code == 1
    assert "bad.jsonl:1" in result.stderr


def test_eval_asag_marks_short_answers_and_says_when_figures_are_in_sample(tmp_path: Path) -> None:
    row = {"dataset": "beetle", "question_id": "q", "question": "Why does bulb A light?", "max_score": 1.0}
    answers = [
        {**row, "references": ["Bulb A is in a closed path with the battery."], "answer": text, "score": score}
        for text, score in (("It is in a closed path with the battery.", 1.0), ("Because it is red.", 0.0))
    ]
    data = tmp_path / "few.jsonl"
    data.write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")

    result = call("eval", "asag", "--data", str(data))

    assert result.exit_code == 0, result.stderr
    assert "beetle" in result.stdout
    assert "in-sample" in result.stdout
