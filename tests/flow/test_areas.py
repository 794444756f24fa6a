"""In which area is help wanted: asked by keys and by texts, only where it matters, and every place can be reached."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hotline.flow.area_menu import AREA_KEYS, fits_an_offer
from hotline.flow.areas import Area, key_of, spelling_of
from hotline.flow.by_area import groups_of
from hotline.flow.by_text import TextTurn, begin_by_text, hear_text
from hotline.flow.engine import Facts, Gather, NoKey, Pressed, Record, Turn, resume, start
from hotline.flow.help_spot import Spot
from hotline.flow.load_tree import load_tree
from hotline.flow.places import HELP, MOST_TOLD, Place, told_of
from hotline.flow.position import Position
from hotline.flow.prompts import PROMPTS, read_scripts
from hotline.flow.texts import segments
from tests.flow.calling import prompts_in

TREE = load_tree(PROMPTS / "trees" / "main.yaml")
SCRIPTS = read_scripts(PROMPTS)
ELSEWHERE = tuple((language, script.texts["help.elsewhere"]) for language, script in SCRIPTS.items())
TO_HELP = ("1", "3", "1")


def _area(name: str, *named: str) -> Area:
    return Area(key_of("TH", name), name, frozenset(named))


def _place(name: str, area: Area | None, **given: object) -> Place:
    place = Place(key_of("", name), "shelter", "1300", name, frozenset(), "always", area=area)
    return replace(place, **given)  # type: ignore[arg-type]


SAKHON, BANGKOK, MAE_SOT = _area("Samut Sakhon", "th"), _area("Bangkok", "th", "en"), _area("Mae Sot")
FAR = _place("far", SAKHON, open="closed")
NEAR = _place("near", SAKHON)
CITY = _place("city", BANGKOK)
BORDER = _place("border", MAE_SOT)
ANYWHERE = _place("anywhere", None)
PLACES = (FAR, NEAR, CITY, BORDER, ANYWHERE)
FACTS = Facts(("th", "en"), can_text=True, places=PLACES, elsewhere=ELSEWHERE)


def _press(turn: Turn, *keys: str, facts: Facts = FACTS) -> Turn:
    for key in keys:
        travelled = Position.from_address(turn.position.to_query())
        assert travelled == turn.position, "it fits a webhook's address"
        turn = resume(TREE, travelled, Pressed(key) if key else NoKey(), facts)
    return turn


def _walk(*keys: str, facts: Facts = FACTS) -> Turn:
    return _press(start(TREE, facts), *TO_HELP, *keys, facts=facts)


def _offered(turn: Turn) -> dict[str, str]:
    """What each key is said to be for."""
    said = prompts_in(turn)
    return {said[at + 1][-1]: said[at - 1] for at, prompt in enumerate(said) if prompt == "help.press"}


def _sent(turn: Turn, facts: Facts = FACTS) -> str:
    """The place that is told here, as it would be texted."""
    return _press(turn, "1", facts=facts).words


def test_areas_are_offered_that_callers_can_hear_and_the_rest_is_elsewhere() -> None:
    asked = _walk("1")
    assert prompts_in(asked)[:2] == ["help.shelter", "help.where"] and prompts_in(asked)[-1] == "help.back"
    assert _offered(asked) == {"1": SAKHON.prompt, "2": BANGKOK.prompt, "9": "help.elsewhere"}
    assert asked.wait == Gather(5)
    assert _offered(_press(start(TREE, FACTS), "2", "3", "1", "1")) == {
        "1": BANGKOK.prompt, "9": "help.elsewhere",
    }, "nobody has recorded the other one in English"  # fmt: skip


def test_an_area_tells_its_own_places_who_is_there_first_and_the_next_leads_round_in_it() -> None:
    assert [_sent(_walk("1", "1", *("2" * turns))) for turns in range(3)] == ["near", "far", "near"]
    assert _sent(_walk("1", "2")) == "city"
    assert "help.next" not in prompts_in(_walk("1", "2")), "it has no other"
    elsewhere = [_sent(_walk("1", "9", *("2" * turns))) for turns in range(3)]
    assert elsewhere == ["border", "anywhere", "border"]


@pytest.mark.parametrize(
    "places",
    [(), (NEAR, FAR), (BORDER, ANYWHERE), (ANYWHERE,)],
    ids=["no place", "one area", "only elsewhere", "no area"],
)
def test_where_there_is_nothing_to_choose_nothing_is_asked(places: tuple[Place, ...]) -> None:
    told = _walk("1", facts=replace(FACTS, places=places))
    assert "help.where" not in prompts_in(told)
    assert ("help.number" in prompts_in(told)) == bool(places)


def test_of_more_than_five_areas_eight_leads_to_the_others_and_round_and_nine_is_always_elsewhere() -> None:
    areas = [_area(f"Area {at}", "th") for at in range(12)]
    facts = replace(FACTS, places=(*(_place(area.name, area) for area in areas), ANYWHERE))
    pages = [_offered(_walk("1", *("8" * turns), facts=facts)) for turns in range(4)]
    assert [list(page) for page in pages[:3]] == [
        [*"12456", "8", "9"],
        [*"12456", "8", "9"],
        ["1", "2", "8", "9"],
    ]
    assert pages[3] == pages[0]
    named = {what for page in pages for what in page.values()}
    assert named == {area.prompt for area in areas} | {"help.more", "help.elsewhere"}


def test_beside_the_areas_the_keys_of_the_node_mean_what_they_mean_beside_a_place() -> None:
    asked = _walk("1")
    assert prompts_in(_press(asked, "3")) == prompts_in(_walk()), "other help"
    assert prompts_in(_press(asked, "7")) == prompts_in(asked), "once more"
    assert _press(asked, "*").position.node == "choose_language"
    assert _press(asked, "0").position.node == "danger"
    assert prompts_in(_press(asked, "8")) == ["wrong_key", *prompts_in(asked)], "there are no others"
    assert prompts_in(_walk("1", "2", "3")) == prompts_in(_walk()), "from a place, too"
    assert _press(asked, "", "").position.node == "main_menu"


OPEN, SHUT = (
    replace(
        FACTS, places=tuple(_place(f"{at}", None, open=is_open) for at, is_open in enumerate(told.split()))
    )
    for told in ("closed open open unknown", "closed closed open unknown")
)
IN_AREAS = tuple(
    replace(facts, places=(*(replace(place, area=SAKHON) for place in facts.places), CITY))
    for facts in (OPEN, SHUT)
)


@pytest.mark.parametrize(
    ("before", "after", "keys"),
    [(OPEN, SHUT, ()), (SHUT, OPEN, ()), (*IN_AREAS, ("1",)), (*reversed(IN_AREAS), ("1",))],
    ids=["closes", "opens", "closes in an area", "opens in an area"],
)
def test_what_is_told_is_sent_though_it_closes_or_another_one_opens_meanwhile(
    before: Facts, after: Facts, keys: tuple[str, ...]
) -> None:
    first = _walk("1", *keys, facts=before)
    for turns in range(4):
        told = _press(first, *("2" * turns), facts=before)
        assert _sent(told, after) == _sent(told, before)
        assert _sent(_press(told, "7", facts=after), before) == _sent(told, before), "and said once more"
    assert sorted(_around(first, after)) == [*"0123"], "the next leads round, by all of them"
    read = _texts("1", *keys, facts=before)
    assert read.words == _sent(first, before)
    assert sorted(_read_around(read, after)) == [*"0123"]


def test_of_very_many_places_those_are_told_that_are_told_at_any_hour() -> None:
    many = tuple(_place(f"{at}", None, open="closed") for at in range(MOST_TOLD + 1))
    opened = (*many[:-1], replace(many[-1], open="open"))
    for places in (many, opened):
        assert many[-1].id not in {place.id for place in told_of(places, "shelter", "th")}


def test_an_area_that_is_hidden_meanwhile_is_no_dead_end() -> None:
    for keys in (("1",), ("1", "1"), ("1", "9", "2")):
        here = _walk(*keys).position
        fewer = resume(TREE, here, Pressed("7"), replace(FACTS, places=(CITY,)))
        assert fewer.plays and isinstance(fewer.wait, Gather)
        none = resume(TREE, here, Pressed("7"), replace(FACTS, places=()))
        assert prompts_in(none) == ["help.none", "main_menu"]


@pytest.mark.parametrize("spelt", ["samut sakhon", "  Samut\tSakhon ", "SAMUT  SAKHON"])
def test_an_area_is_one_however_it_is_spelt(spelt: str) -> None:
    assert key_of("TH", spelt) == SAKHON.key != key_of("MY", spelt)
    other = _place("other", Area(SAKHON.key, spelt, SAKHON.named))
    assert len(_offered(_walk("1", facts=replace(FACTS, places=(*PLACES, other))))) == 3
    assert _texts("1", facts=replace(FACTS, places=(*PLACES, other))).words.startswith("1 Samut Sakhon. ")


def test_where_nothing_is_written_there_is_no_area() -> None:
    assert key_of("TH", "") == key_of("TH", " \t ") == ""
    assert spelling_of(["b", "a", "b"]) == "b" and spelling_of(["b", "a"]) == "a"


def test_where_somebody_is_fits_three_digits_and_nothing_else_leads_there() -> None:
    spots = [Spot(kind, at, asks) for kind in HELP for at in range(MOST_TOLD) for asks in (False, True)]
    pages = [spot.to_page() for spot in spots]
    assert [Spot.from_page(page) for page in pages] == spots
    assert len(set(pages)) == len(pages) and min(pages) > 0 and max(pages) <= 999
    assert [Spot.from_page(page) for page in range(1000) if page not in pages] == [None] * (1000 - len(pages))


WORDS = st.text(st.sampled_from("abcเชียงใหม่ရန်ကုန် "), min_size=1, max_size=60)
MANY = st.lists(
    st.tuples(st.sampled_from(HELP), st.none() | WORDS, st.sampled_from([(), ("th",), ("th", "en")])),
    max_size=MOST_TOLD,
)


def _places_of(made: list[tuple[str, str | None, tuple[str, ...]]]) -> tuple[Place, ...]:
    areas = {key_of("TH", name): _area(name, *named) for _, name, named in made if name and name.strip()}
    return tuple(
        _place(f"{at}", areas.get(key_of("TH", name or "")), kind=kind)
        for at, (kind, name, _) in enumerate(made)
    )


@given(MANY)
def test_every_place_is_in_one_group_and_no_group_is_empty(
    made: list[tuple[str, str | None, tuple[str, ...]]],
) -> None:
    told = told_of(_places_of(made), "shelter", "th")
    for reads in (False, True):
        groups = groups_of(told, "th", reads=reads)
        in_turn = [place for group in groups for place in group.places]
        assert sorted(in_turn, key=lambda place: place.words) == sorted(told, key=lambda place: place.words)
        assert all(group.places for group in groups)
        assert all("th" in group.area.named for group in groups if group.area and not reads)
        assert len({group.area and group.area.key for group in groups}) == len(groups)


@given(MANY)
def test_every_place_can_be_reached_by_keys(made: list[tuple[str, str | None, tuple[str, ...]]]) -> None:
    facts = replace(FACTS, places=_places_of(made))
    kinds = _offered(_walk(facts=facts))
    reached = [words for key in kinds for words in _reached(_walk(key, facts=facts), facts)]
    assert sorted(reached) == sorted(place.words for place in facts.places)


def _reached(turn: Turn, facts: Facts) -> Iterator[str]:
    """Every place behind a kind, as it is texted."""
    if "help.where" not in prompts_in(turn):
        yield from _around(turn, facts)
        return
    seen, page = set(), turn
    while (said := tuple(prompts_in(page))) not in seen:
        seen.add(said)
        offered = _offered(page)
        assert len(offered.keys() & set(AREA_KEYS)) <= 5
        for key in sorted(offered.keys() & set(AREA_KEYS)):
            yield from _around(_press(page, key, facts=facts), facts)
        page = _press(page, "8", facts=facts) if "8" in offered else page
    if "9" in _offered(turn):
        yield from _around(_press(turn, "9", facts=facts), facts)


def _around(turn: Turn, facts: Facts) -> Iterator[str]:
    seen: list[str] = []
    while (words := _sent(turn, facts)) not in seen:
        seen.append(words)
        turn = _press(turn, "2", facts=facts) if "help.next" in prompts_in(turn) else turn
    yield from seen


@given(st.lists(st.sampled_from([*"0123456789*#", ""]), max_size=30), MANY)
def test_no_keys_lead_into_silence(
    keys: list[str], made: list[tuple[str, str | None, tuple[str, ...]]]
) -> None:
    facts = replace(FACTS, places=_places_of(made))
    turn = _walk(facts=facts)
    for key in keys:
        if not isinstance(turn.wait, Gather):
            break
        assert turn.plays or turn.replay
        turn = _press(turn, key, facts=facts)
    assert turn.wait is None or isinstance(turn.wait, Gather | Record)


def _texts(*bodies: str, facts: Facts = FACTS, language: str = "th") -> TextTurn:
    turn = begin_by_text(TREE, "help", language, chosen=True, facts=facts)
    for body in bodies:
        assert turn.position is not None
        turn = hear_text(TREE, turn.position, body, facts) or pytest.fail("it is words for people")
    return turn


def test_by_texts_areas_are_offered_as_staff_wrote_them_recorded_or_not() -> None:
    assert _texts("1", language="en").words == "1 Samut Sakhon. 2 Bangkok. 3 Mae Sot. 4 elsewhere"
    assert _texts("1", "1").words == "near" and _texts("1", "1").says == "help.next"
    assert _texts("1", "1", "2").words == "far"
    assert (_texts("1", "3").words, _texts("1", "3").says) == ("border", "")
    assert _texts("1", "4").words == "anywhere"
    assert _texts("1", "1", "3").offers == _texts().offers, "3 beside a place is other help"


def test_by_texts_nothing_is_asked_where_all_are_in_one_area() -> None:
    assert _texts("1", facts=replace(FACTS, places=(NEAR, FAR))).words == "near"


def test_a_number_that_no_area_has_is_answered_once_and_then_is_words_for_people() -> None:
    again = _texts("1", "8")
    assert again.words == _texts("1").words and again.position
    assert hear_text(TREE, again.position, "8", FACTS) is None


@given(MANY, st.sampled_from(sorted(SCRIPTS)))
def test_by_texts_every_place_can_be_reached_and_each_offer_is_one_segment(
    made: list[tuple[str, str | None, tuple[str, ...]]], language: str
) -> None:
    facts = replace(FACTS, places=_places_of(made))
    assume(facts.places)
    kinds = [key for key, _ in _texts(facts=facts, language=language).offers]
    reached = [words for key in kinds for words in _read(key, facts, language)]
    assert sorted(reached) == sorted(place.words for place in facts.places)


def _read(kind: str, facts: Facts, language: str) -> Iterator[str]:
    turn = _texts(kind, facts=facts, language=language)
    if turn.words.isdigit():  # a place
        yield from _read_around(turn, facts)
        return
    seen: list[str] = []
    while turn.words not in seen:
        seen.append(turn.words)
        assert segments(turn.words) == 1 and turn.position
        keys = re.findall(r"(?:^|\. )([1-9]) ", turn.words)
        others = turn.words.endswith("9 ...")
        for key in keys[: -1 if others else None]:
            yield from _read_around(_heard(turn, key, facts), facts)
        turn = _heard(turn, "9", facts) if others else turn


def _read_around(turn: TextTurn, facts: Facts) -> Iterator[str]:
    seen: list[str] = []
    while turn.words not in seen:
        assert turn.words.isdigit()
        seen.append(turn.words)
        turn = _heard(turn, "2", facts) if turn.says else turn
    yield from seen


def _heard(turn: TextTurn, body: str, facts: Facts) -> TextTurn:
    assert turn.position is not None
    travelled = Position.from_address(turn.position.to_query())
    return hear_text(TREE, travelled, body, facts) or pytest.fail("it is words for people")


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_elsewhere_has_a_word_in_every_language_that_leaves_room_for_areas(language: str) -> None:
    assert segments(f"1 {dict(ELSEWHERE)[language]}. 9 ...") == 1
    assert len(dict(ELSEWHERE)[language]) <= 20


def test_a_name_of_sixty_signs_can_be_offered_unless_they_count_twice() -> None:
    assert fits_an_offer("x" * 60) and fits_an_offer("เ" * 60)
    assert not fits_an_offer("𑄇" * 60)
