"""Settings become the right collaborators."""

from __future__ import annotations

from pathlib import Path

from interviewer.bootstrap import build, build_bench
from interviewer.settings import Settings


def settings(folder: Path, **values: str) -> Settings:
    return Settings(_env_file=None, INTERVIEWER_DATA_DIR=folder, **values)


def test_the_coach_can_be_named_as_the_judge_beside_a_model(tmp_path: Path) -> None:
    own = settings(tmp_path, INTERVIEWER_MODEL="some-model", INTERVIEWER_JUDGE_MODEL="coach")
    app = build(own)
    try:
        model = app.model(app.default_connection)
        assert model is not None
        assert model.name == "some-model"
        assert app.model(app.default_connection, judge=True) is None
    finally:
        app.close()
    assert build_bench(own).judge is None


def test_the_same_connection_gives_the_same_model_which_remembers_its_server(tmp_path: Path) -> None:
    app = build(settings(tmp_path, INTERVIEWER_MODEL="some-model"))
    try:
        assert app.model(app.default_connection) is app.model(app.default_connection)
    finally:
        app.close()
