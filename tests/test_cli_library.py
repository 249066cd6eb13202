"""The commands by which scenarios come in from elsewhere: import, draft and packs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer import bootstrap
from interviewer.adapters.packs.sources import FILE_BYTES
from interviewer.adapters.scenario_files import read_scenario
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.cli import commands
from interviewer.errors import ModelError
from interviewer.settings import Settings
from tests.adapters.packs.conftest import FIXTURES, a_pack, a_scenario_file

PAGE = """\
# Hard Scenarios
## Scenario 7: Two clocks
### Interview Question
*"Two clocks disagree. Which one do you trust?"*
### Solution
- Trust neither: order events by a sequence number that one writer gives.
- Keep both times, because the difference shows which machine drifts.
## Scenario 8: Three clocks
### Interview Question
*"Three clocks disagree. And now?"*
"""
CLOCKS, THREE = "own-hard-7-two-clocks", "own-hard-8-three-clocks"


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting of the person who runs the tests, a folder without .env, and a data folder of its own."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    Path("hard.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "data"


def call(*arguments: str | Path, given: str | bytes = "") -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], input=given)


def good(*arguments: str | Path, given: str | bytes = "") -> Result:
    result = call(*arguments, given=given)
    assert result.exit_code == 0, result.output
    return result


def stored(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def counted(result: Result) -> dict[str, int]:
    """The numbers of the last line of an import, by what they count."""
    last = result.stderr.splitlines()[-1]
    numbers = {name.strip(): int(number) for name, number in re.findall(r"([a-z ]+): (\d+)", last)}
    return numbers | {name: int(number) for number, name in re.findall(r"(\d+) (new|changed|without)", last)}


# --- import


def test_an_import_writes_scenarios_that_the_app_lists_beside_the_shipped_ones(data: Path) -> None:
    result = good("scenarios", "import", "hard.md")

    assert result.stdout.splitlines() == [f"new      {CLOCKS}  Two clocks", f"new      {THREE}  Three clocks"]
    assert set(stored(data / "scenarios")) == {f"{CLOCKS}.md", f"{THREE}.md"}
    listed = good("scenarios", "list").stdout
    assert all(id in listed for id in ("hard-31", CLOCKS, THREE))


def test_the_report_counts_and_names_file_and_line(data: Path) -> None:
    result = good("scenarios", "import", "hard.md")
    numbers = counted(result)

    assert (numbers["files"], numbers["questions"], numbers["without"], numbers["new"]) == (1, 2, 1, 2)
    assert f"hard.md:8: warning: {THREE}: has no answer: it can be practised" in result.stderr


def test_the_same_import_again_changes_nothing(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    before = stored(data)
    result = good("scenarios", "import", "hard.md")

    assert result.stdout == ""
    assert counted(result)["unchanged"] == 2
    assert stored(data) == before


def test_a_dry_run_shows_every_line_and_writes_nothing(data: Path) -> None:
    result = good("scenarios", "import", "hard.md", "--dry-run")

    assert not data.exists()
    assert "--- /dev/null" in result.stdout
    assert f"+++ {CLOCKS}.md" in result.stdout
    assert "+  text: 'Trust neither: order events by a sequence number that one writer gives.'" in result.stdout
    assert "would be written: 2 new" in result.stderr


def test_a_dry_run_shows_what_changed_in_the_source_and_nothing_else(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    before = stored(data)
    Path("hard.md").write_text(PAGE.replace("Keep both times", "Keep all times"), encoding="utf-8")
    result = good("scenarios", "import", "hard.md", "--dry-run")

    assert stored(data) == before
    gone = [line for line in result.stdout.splitlines() if re.match(r"-(?!-- )", line)]
    come = [line for line in result.stdout.splitlines() if re.match(r"\+(?!\+\+ )", line)]
    assert all("Keep both times" in line or "imported:" in line for line in gone)
    assert all("Keep all times" in line or "imported:" in line for line in come)
    assert len(gone) == len(come) == 4  # text, phrasing, reference and digests
    assert THREE not in result.stdout

    assert good("scenarios", "import", "hard.md").stdout == f"changed  {CLOCKS}  Two clocks\n"
    assert stored(data) != before


def test_a_file_that_a_person_edited_is_left_and_the_dry_run_shows_what_the_source_has(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    path = data / "scenarios" / f"{CLOCKS}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("title: Two clocks", "title: My clocks"), encoding="utf-8")
    mine = path.read_bytes()
    Path("hard.md").write_text(PAGE.replace("Keep both times", "Keep all times"), encoding="utf-8")

    preview = good("scenarios", "import", "hard.md", "--dry-run")
    result = good("scenarios", "import", "hard.md")

    assert f"# {CLOCKS}.md was edited by you and would be left as it is" in preview.stdout
    assert counted(result)["edited by you and left"] == 1
    assert path.read_bytes() == mine


def test_a_folder_with_hostile_files_gives_one_line_for_each_and_the_rest(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.md").write_text(PAGE, encoding="utf-8")
    (folder / "binary.md").write_bytes(bytes(range(256)) * 50)
    (folder / "bomb.yaml").write_text("a: &a [x, x]\nb: &b [*a, *a]\nquestions: [*b]\n", encoding="utf-8")
    (folder / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    (folder / "huge.csv").write_bytes(b"x" * (FILE_BYTES + 1))
    (folder / "link.md").symlink_to("/etc/passwd")

    result = call("scenarios", "import", folder)

    assert result.exit_code == 1
    refused = [line for line in result.stderr.splitlines() if "warning: " not in line][:-1]
    assert [line.partition(":")[0] for line in refused] == [
        "binary.md",
        "bomb.yaml",
        "deep.json",
        "huge.csv",
        "link.md",
    ]
    assert all(str(tmp_path) not in line for line in refused)
    assert counted(result)["not importable"] == 5
    assert set(stored(data / "scenarios")) == {f"{CLOCKS}.md", f"{THREE}.md"}


def test_every_form_in_which_questions_are_kept_is_read_at_once(data: Path) -> None:
    result = good("scenarios", "import", FIXTURES)

    assert counted(result)["files"] == len(list(FIXTURES.iterdir()))
    assert counted(result)["new"] == len(stored(data / "scenarios"))
    assert good("scenarios", "lint", data / "scenarios").stderr.startswith("files: ")


def test_questions_come_from_stdin_too_and_not_without_end(data: Path) -> None:
    good("scenarios", "import", "-", given=PAGE)

    assert len(stored(data / "scenarios")) == 2
    assert call("scenarios", "import", "-", given=b"x" * (FILE_BYTES + 1)).exit_code == 1


def test_another_folder_can_be_named(data: Path, tmp_path: Path) -> None:
    good("scenarios", "import", "hard.md", "--into", tmp_path / "mine")

    assert set(stored(tmp_path / "mine")) == {f"{CLOCKS}.md", f"{THREE}.md"}
    assert not data.exists()


def test_nothing_to_import_is_said_in_one_line() -> None:
    result = call("scenarios", "import", "nowhere.md")

    assert result.exit_code == 1
    assert result.stderr == "interviewer: There is no file or folder 'nowhere.md'. Check the path.\n"


def test_a_folder_that_cannot_be_written_to_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = call("scenarios", "import", "hard.md", "--into", tmp_path / "file" / "x")

    assert result.exit_code == 1
    assert "could not be written" in result.stderr.splitlines()[-1]


def test_an_imported_draft_is_graded_and_one_without_an_answer_is_not(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    answer = "Trust neither: I order events by a sequence number that one writer gives."
    records = "".join(json.dumps({"id": id, "scenario": id, "answer": answer}) + "\n" for id in (CLOCKS, THREE))

    draft, free = (json.loads(line) for line in good("grade", given=records).stdout.splitlines())

    assert draft["score"] >= 50
    assert draft["points"][0]["verdict"] == "covered"
    assert (free["score"], free["points"]) == (None, [])


def test_an_interview_without_a_reference_runs_to_its_end_without_a_score(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    *turns, end = (
        json.loads(line)
        for line in good("simulate", "--scenario", THREE, "--candidate", "mid", "--turns", "3").stdout.splitlines()
    )

    assert turns[-1]["move"] == "close"
    assert end["score"] is None


def test_a_clash_of_ids_is_named_by_the_list(data: Path) -> None:
    (data / "scenarios").mkdir(parents=True)
    (data / "scenarios" / "mine.md").write_text(a_scenario_file("hard-31"), encoding="utf-8")
    result = call("scenarios", "list")

    assert result.exit_code == 1
    assert "the id 'hard-31' is taken by another scenario" in result.stderr
    assert "One user's events" in result.stdout


# --- draft

POINTS = {"points": [{"text": "Alert when the two drift apart.", "dimension": "validation"}]}
HINTS = {"nudge": "Who decides?", "pointer": "Compare two machines.", "near_answer": "Let one of them count."}


def details(number: int) -> dict[str, Any]:
    return {
        "probe": {
            "type": "clarify",
            "ask": f"What would you look at in case {number}?",
            "strong": "Names the source of order.",
            "weak": "Names a brand of clock.",
        },
        "phrasings": [f"I would do it like this, way {number}."],
        "misconceptions": [f"The newest time always wins, rule {number}."],
    }


@pytest.fixture
def drafting(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Drafts with a model that gives these replies, while a person types these answers."""
    good("scenarios", "import", "hard.md")

    def run(id: str, answers: str, *replies: Mapping[str, Any] | ModelError) -> Result:
        model = ScriptedModel(replies, name="some-model")
        monkeypatch.setenv("INTERVIEWER_MODEL", "some-model")
        monkeypatch.setattr(bootstrap, "build_model", lambda connection, name: model)
        return call("scenarios", "draft", id, given="".join(f"{answer}\n" for answer in answers))

    return run


ALL = (POINTS, details(1), details(2), details(3), HINTS)


def test_each_proposal_is_shown_and_what_is_accepted_is_in_the_file(
    data: Path, drafting: Callable[..., Result]
) -> None:
    path = data / "scenarios" / f"{CLOCKS}.md"
    before = read_scenario(path)

    result = drafting(CLOCKS, "y" * 11, *ALL)

    assert result.exit_code == 0, result.output
    assert result.stdout.count("Accept? [y/N]") == 11
    assert "  + Alert when the two drift apart." in result.stdout
    assert "Accepted: 11." in result.stdout
    after = read_scenario(path)
    assert [point.text for point in after.key_points[:2]] == [point.text for point in before.key_points]
    assert after.key_points[2].text == "Alert when the two drift apart."
    assert [point.weight for point in after.key_points] == [34, 33, 33]
    assert after.key_points[0].phrasings == (*before.key_points[0].phrasings, "I would do it like this, way 1.")
    assert [point.misconceptions for point in after.key_points] == [
        (f"The newest time always wins, rule {number}.",) for number in (1, 2, 3)
    ]
    assert [probe.targets for probe in after.probes] == [(point.id,) for point in after.key_points]
    assert [hint.text for hint in after.hints] == list(HINTS.values())
    assert (after.status, after.provenance.drafted_by) == ("draft", ("rule", "some-model"))
    assert (after.question, after.reference, after.title) == (before.question, before.reference, before.title)


def test_what_is_rejected_changes_not_a_byte(data: Path, drafting: Callable[..., Result]) -> None:
    before = stored(data)

    result = drafting(CLOCKS, "n" * 8, POINTS, details(1), details(2), HINTS)

    assert result.exit_code == 0, result.output
    assert "Accepted: 0." in result.stdout
    assert stored(data) == before


def test_enter_alone_is_a_no(data: Path, drafting: Callable[..., Result]) -> None:
    before = stored(data)

    assert drafting(CLOCKS, " " * 8, POINTS, details(1), details(2), HINTS).exit_code == 0
    assert stored(data) == before


def test_an_answer_that_ends_early_keeps_what_was_accepted(data: Path, drafting: Callable[..., Result]) -> None:
    result = drafting(CLOCKS, "y", *ALL)

    assert result.exit_code == 1
    assert len(read_scenario(data / "scenarios" / f"{CLOCKS}.md").key_points) == 3


def test_a_model_that_fails_ends_it_in_one_line_and_what_was_accepted_stays(
    data: Path, drafting: Callable[..., Result]
) -> None:
    result = drafting(CLOCKS, "y", POINTS, ModelError("unreachable", "The server did not answer."))

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "interviewer: The server did not answer."
    assert len(read_scenario(data / "scenarios" / f"{CLOCKS}.md").key_points) == 3


def test_what_a_person_wrote_is_never_overwritten(data: Path, drafting: Callable[..., Result]) -> None:
    path = data / "scenarios" / f"{CLOCKS}.md"
    hints = "hints:  # mine\n- {level: 1, text: Mine.}\n- {level: 2, text: My own.}\n- {level: 3, text: Own.}\n"
    mine = path.read_text(encoding="utf-8").replace("key_points:\n", f"{hints}key_points:\n")
    mine = mine.replace("weight: 50", "weight: 80", 1).replace("weight: 50", "weight: 20", 1)
    path.write_text(mine, encoding="utf-8")

    # Weighed by a person, with hints of a person: the model is asked for neither.
    result = drafting(CLOCKS, "y" * 6, details(1), details(2))

    assert result.exit_code == 0, result.output
    after = path.read_text(encoding="utf-8").splitlines()
    grown = [line for line in mine.splitlines() if line not in after]
    assert [line.split(":")[0].strip() for line in grown] == ["drafted_by", "phrasings", "phrasings"]
    assert all(any(other.startswith(line[:-1]) for other in after) for line in grown)
    assert [point.weight for point in read_scenario(path).key_points] == [80, 20]


def test_a_drafted_file_is_not_overwritten_by_the_next_import(data: Path, drafting: Callable[..., Result]) -> None:
    drafting(CLOCKS, "y" * 11, *ALL)
    before = stored(data)
    Path("hard.md").write_text(PAGE.replace("Keep both times", "Keep all times"), encoding="utf-8")

    assert counted(good("scenarios", "import", "hard.md"))["edited by you and left"] == 1
    assert stored(data) == before


def test_points_for_a_scenario_without_a_reference_make_it_a_draft_that_names_the_model(
    data: Path, drafting: Callable[..., Result]
) -> None:
    result = drafting(THREE, "y" * 7, POINTS, details(1), HINTS)

    assert result.exit_code == 0, result.output
    after = read_scenario(data / "scenarios" / f"{THREE}.md")
    assert (after.status, after.provenance.drafted_by) == ("draft", ("some-model",))
    assert "drafted by some-model, and nobody has reviewed them" in after.caution
    assert after.reference == ""


@pytest.mark.parametrize(
    ("id", "said"),
    [("hard-31", "'hard-31' is shipped or from a pack"), ("nowhere", "There is no scenario 'nowhere'")],
)
def test_only_scenarios_of_ones_own_are_drafted(id: str, said: str, drafting: Callable[..., Result]) -> None:
    result = drafting(id, "")

    assert result.exit_code == 1
    assert said in result.stderr


def test_a_reviewed_scenario_is_not_drafted(data: Path, drafting: Callable[..., Result]) -> None:
    shipped = bootstrap.resources() / "scenarios"
    shutil.copytree(shipped / "exhibits", data / "scenarios" / "exhibits")
    text = (shipped / "hard-32.md").read_text(encoding="utf-8")
    (data / "scenarios" / "own-x.md").write_text(text.replace("id: hard-32\n", "id: own-x\n", 1), encoding="utf-8")
    result = drafting("own-x", "")

    assert result.exit_code == 1
    assert "'own-x' is reviewed" in result.stderr


def test_without_a_model_it_says_which_setting_is_missing(data: Path) -> None:
    good("scenarios", "import", "hard.md")
    result = call("scenarios", "draft", CLOCKS)

    assert result.exit_code == 1
    assert "INTERVIEWER_MODEL" in result.stderr


def test_drafting_ends_at_the_ceiling_of_the_day_and_counts_for_it(
    data: Path, drafting: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_DAY_REQUESTS", "1")

    first = drafting(CLOCKS, "n", *ALL)
    second = drafting(CLOCKS, "n", *ALL)

    assert "Accept? [y/N]" in first.stdout
    assert "Accept? [y/N]" not in second.stdout
    for result in (first, second):
        assert result.exit_code == 1
        assert "used 1 of their 1 model calls" in result.stderr


def test_without_a_ceiling_drafting_opens_no_database(data: Path, drafting: Callable[..., Result]) -> None:
    drafting(CLOCKS, "n" * 8, POINTS, details(1), details(2), HINTS)

    assert not list(data.glob("*.sqlite3"))


# --- packs


def test_a_pack_is_added_listed_played_and_removed(data: Path, tmp_path: Path) -> None:
    assert good("packs", "add", a_pack(tmp_path / "clocks")).stdout == "Added 'clocks' 1.0: 1 scenario.\n"
    head, row = good("packs", "list").stdout.splitlines()
    assert head.split() == ["name", "version", "scenarios", "licence", "title"]
    assert row.split() == ["clocks", "1.0", "1", "MIT", "Clocks"]
    assert "clocks.two-clocks" in good("scenarios", "list").stdout
    assert "Trust neither" in good("scenarios", "show", "clocks.two-clocks").stdout

    assert good("packs", "remove", "clocks", "--yes").stdout == "Removed 'clocks'.\n"
    assert len(good("packs", "list").stdout.splitlines()) == 1
    assert stored(data) == {}


def test_removing_asks_first(data: Path, tmp_path: Path) -> None:
    good("packs", "add", a_pack(tmp_path / "clocks"))

    assert call("packs", "remove", "clocks", given="n\n").exit_code == 1
    assert (data / "packs" / "clocks").is_dir()
    assert call("packs", "remove", "lion", "--yes").stderr.startswith("interviewer: There is no pack 'lion'.")


def test_a_pack_without_a_usable_scenario_is_not_added_and_its_faults_are_named(data: Path, tmp_path: Path) -> None:
    pack = a_pack(tmp_path / "clocks", scenario=a_scenario_file().replace("weight: 100", "weight: 90"))
    result = call("packs", "add", pack)

    assert result.exit_code == 1
    assert "weights sum to 90, not 100" in result.stderr
    assert "was not added" in result.stderr
    assert not data.exists()


def test_what_is_left_out_of_a_pack_is_named(tmp_path: Path) -> None:
    pack = a_pack(tmp_path / "clocks")
    (pack / "run.sh").write_text("rm", encoding="utf-8")

    assert "run.sh: warning: is no scenario and no exhibit; left out" in good("packs", "add", pack).stderr


def test_a_newer_pack_takes_the_place_of_the_older_one_only_when_told(tmp_path: Path) -> None:
    good("packs", "add", a_pack(tmp_path / "old"))
    newer = a_pack(tmp_path / "new", version="2.0")

    assert "--replace" in call("packs", "add", newer).stderr
    assert good("packs", "add", newer, "--replace").stdout == "Added 'clocks' 2.0: 1 scenario.\n"


@pytest.mark.parametrize("name", ["../../../evil.md", "/evil.md", "scenarios/../../evil.md"])
def test_a_hostile_zip_is_refused_in_one_line_and_writes_nothing(name: str, data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile("evil.zip", "w") as archive:
        archive.writestr("pack.yaml", "schema: 1\nname: evil\ntitle: E\nversion: '1'\nlicence: MIT\n")
        archive.writestr("scenarios/two-clocks.md", a_scenario_file())
        archive.writestr(name, "x")
    before = stored(tmp_path)
    result = call("packs", "add", "evil.zip")

    assert result.exit_code == 1
    assert re.fullmatch(r"interviewer: .*leads elsewhere.*\n", result.stderr)
    assert stored(tmp_path) == before
    assert not Path("/evil.md").exists()


def test_a_name_that_is_file_and_folder_at_once_is_refused_in_one_line(data: Path) -> None:
    with zipfile.ZipFile("odd.zip", "w") as archive:
        archive.writestr("pack.yaml", "schema: 1\nname: odd\ntitle: E\nversion: '1'\nlicence: MIT\n")
        archive.writestr("scenarios/a.md", a_scenario_file())
        archive.writestr("scenarios/a.md/b.md", a_scenario_file())
    result = call("packs", "add", "odd.zip")

    assert result.exit_code == 1
    assert result.stderr.startswith("interviewer: The pack could not be unpacked")
    assert not data.exists()


def test_a_broken_pack_is_named_by_the_list_and_the_others_are_shown(data: Path, tmp_path: Path) -> None:
    good("packs", "add", a_pack(tmp_path / "clocks"))
    (data / "packs" / "empty").mkdir()
    result = call("packs", "list")

    assert result.exit_code == 1
    assert "clocks" in result.stdout
    assert "empty/pack.yaml" in result.stderr


def test_ones_own_scenarios_become_a_pack_that_others_can_add(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good("scenarios", "import", "hard.md")
    result = good("packs", "export", "own", "my.zip", "--as", "mine", "--title", "My clocks", "--licence", "CC-BY-4.0")

    assert result.stdout == "Wrote 'mine' 1.0: 2 scenarios.\n"
    assert "the licence of 2 scenarios is unknown; keep the pack to yourself" in result.stderr
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(data.parent / "other"))
    good("packs", "add", "my.zip")
    listed = good("scenarios", "list").stdout
    assert f"mine.{CLOCKS}" in listed
    assert f"mine.{THREE}" in listed


def test_an_installed_pack_is_exported_as_it_came(data: Path, tmp_path: Path) -> None:
    good("packs", "add", a_pack(tmp_path / "clocks"))
    good("packs", "export", "clocks", "again.zip")
    good("packs", "export", "clocks", "once-more.zip")

    assert Path("again.zip").read_bytes() == Path("once-more.zip").read_bytes()
    assert zipfile.ZipFile("again.zip").namelist() == ["pack.yaml", "scenarios/two-clocks.md"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("own", "x.zip"), 2, "--as NAME"),
        (("own", "x.zip", "--as", "own", "--title", "T", "--licence", "MIT"), 1, "'own' stands for your own"),
        (("own", "x.zip", "--as", "Big Name", "--title", "T", "--licence", "MIT"), 1, "name"),
        (("own", "x.zip", "--as", "mine", "--title", "T", "--licence", "MIT"), 1, "no scenario to export"),
        (("lion", "x.zip"), 1, "There is no pack 'lion'"),
        (("lion", "hard.md"), 1, "is there already"),
    ],
)
def test_an_export_that_cannot_be_made_says_why_and_writes_nothing(
    arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = call("packs", "export", *arguments)

    assert result.exit_code == code
    assert said in result.stderr
    assert not Path("x.zip").exists()
    assert Path("hard.md").read_text(encoding="utf-8") == PAGE


def test_an_export_into_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    good("packs", "add", a_pack(tmp_path / "clocks"))
    result = call("packs", "export", "clocks", "nowhere/x.zip")

    assert result.exit_code == 1
    assert "'x.zip' could not be written" in result.stderr


def test_the_help_of_the_new_commands_loads_nothing_heavy() -> None:
    heavy = {"yaml", "pydantic", "ftfy", "numpy"}
    check = f"import sys, interviewer.cli; print(*{heavy!r} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []
