"""What a person keeps besides interviews, on its way to another installation: stories, drills and the study plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from interviewer.domain.experience import Story
from interviewer.domain.plan import Plan
from interviewer.domain.practice import Drill
from interviewer.errors import NotFoundError
from interviewer.flows.ports import Store, TakenIn

Kept = Story | Drill | Plan


def kept_besides(store: Store, *, owner: str) -> Iterator[Kept]:
    yield from store.stories(owner=owner)
    yield from store.drills(owner=owner)
    plan = store.plan(owner=owner)
    if plan is not None:
        yield plan


def take_in(store: Store, kept: Kept, *, owner: str) -> TakenIn:
    """Keep what comes from elsewhere, for this owner; the same again changes nothing.

    Of two states of a story the later one stays, and a drill that was judged takes the place of the same one that was
    not. A plan that is here already stays, and so does a drill of the same key with another answer.
    """
    match kept:
        case Story():
            return _story(store, kept, owner)
        case Drill():
            return _drill(store, kept, owner)
        case Plan():
            return _plan(store, kept, owner)


def _story(store: Store, story: Story, owner: str) -> TakenIn:
    own = {one.id: one for one in store.stories(owner=owner)}
    # The id of somebody else's story is replaced by one made of that id and this owner, so that it is found again.
    replaced = hashlib.sha256(f"{story.id} {owner}".encode()).hexdigest()[:32]
    here = own.get(story.id) or own.get(replaced)
    if here is None:
        try:
            store.save_story(story, owner=owner)
        except NotFoundError:
            store.save_story(story.model_copy(update={"id": replaced}), owner=owner)
        return "added"
    there = story.model_copy(update={"id": here.id})
    if there == here:
        return "unchanged"
    if there.updated_at <= here.updated_at:
        return "differs"
    store.save_story(there, owner=owner)
    return "extended"


def _drill(store: Store, drill: Drill, owner: str) -> TakenIn:
    here = store.drill(drill.key, owner=owner)
    if here is None:
        store.add_drill(drill, owner=owner)
        return "added"
    if here == drill:
        return "unchanged"
    if here.is_judged or not drill.is_judged or here.answer != drill.answer:
        return "differs"
    store.judge_drill(drill, owner=owner)
    return "extended"


def _plan(store: Store, plan: Plan, owner: str) -> TakenIn:
    here = store.plan(owner=owner)
    if here is None:
        store.save_plan(plan, owner=owner)
        return "added"
    return "unchanged" if here == plan else "differs"
