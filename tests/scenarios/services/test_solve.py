"""Where hubs should stand and what each should offer: against every choice tried, and in cases worked out in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import ScenarioError
from scenarios.placement.incumbent import Step, TimeLimit
from scenarios.services import solve
from scenarios.services.solve import ServicesAnswer, best_answer, first_answer
from scenarios.services.task import Offer, ServiceRules, ServiceTask, Size
from support.toys.placement import PATIENT, sites_at
from support.toys.services import cost, every_choice, random_services

TWO = sites_at(["east", "west"], np.zeros(2), np.zeros(2), np.full(2, 100.0))


def choice_of(answer: ServicesAnswer) -> tuple[tuple[int, ...], ...]:
    sizes = np.full((len(answer.task.sites.id), len(answer.task.offers)), -1)
    sizes[answer.offered.site, answer.offered.offer] = answer.offered.size
    return tuple(tuple(map(int, row)) for row in sizes)


@pytest.mark.parametrize("block", range(4))
def test_the_best_answer_is_that_of_trying_every_choice(block: int) -> None:
    n_answers, n_wrong = 0, 0
    for seed in range(20 * block, 20 * block + 20):
        task = random_services(seed)
        choices = every_choice(task)
        try:
            answer = best_answer(task, PATIENT)
        except ScenarioError as error:
            # With nothing at all the oracle serves nobody; a question whose budget buys nothing is refused.
            is_refusal = not any(choices.values()) or "buys nothing" in str(error)
            n_wrong += not is_refusal
            continue
        n_answers += 1
        best = max(choices.values())
        assert choices[choice_of(answer)] == pytest.approx(best, abs=1e-6), seed
        assert answer.value == pytest.approx(best, abs=1e-6), seed
        assert answer.is_proved, seed
        assert answer.cost_per_year == pytest.approx(cost(task, choice_of(answer))), seed
    assert n_answers > 8
    assert n_wrong == 0


@pytest.mark.parametrize("most_pairs", [solve.MOST_PAIRS, 0])
def test_a_first_answer_is_one_and_its_bound_is_true(
    most_pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the program, as for questions too large for it, prices on people give the bound.
    monkeypatch.setattr(solve, "MOST_PAIRS", most_pairs)
    n_proved = n_answers = 0
    for seed in range(40):
        task = random_services(seed)
        try:
            answer = first_answer(task, PATIENT)
        except ScenarioError:
            continue
        choices = every_choice(task)
        assert choices[choice_of(answer)] == pytest.approx(answer.value, abs=1e-6), seed
        assert answer.bound >= max(choices.values()) - 1e-6, seed
        n_answers, n_proved = n_answers + 1, n_proved + answer.is_proved
    assert n_answers > 20
    # Bounds that are true and say nothing would pass too.
    assert n_proved > n_answers / 4


def test_people_go_where_there_is_room() -> None:
    # 60 reach both hubs, 40 only east. East has room for 50: its 40 and 10 of the others, whose other 50 go west.
    offer = Offer("gp", (Size(10.0, 50.0),), np.array([60.0, 40.0]), np.array([[True, True], [True, False]]))
    answer = best_answer(ServiceTask(TWO, (offer,), ServiceRules(1000.0)), PATIENT)
    assert answer.ids == ("east", "west")
    assert answer.value == 100
    assert answer.offered.people.tolist() == [50, 50]
    # 220 euros pay for both. One cent less pays for one hub, which serves as many as it has room for.
    poorer = ServiceTask(TWO, (offer,), ServiceRules(219.99))
    assert best_answer(poorer, PATIENT).value == 50


def test_a_larger_size_is_taken_where_it_pays() -> None:
    # Two small ones are 220 euros for 60 people; one large one is 140 euros and has room for all 90.
    sizes = (Size(10.0, 30.0), Size(40.0, 90.0))
    offer = Offer("gp", sizes, np.array([90.0]), np.array([[True], [True]]))
    answer = best_answer(ServiceTask(TWO, (offer,), ServiceRules(220.0)), PATIENT)
    assert (answer.value, answer.cost_per_year, answer.offered.size.tolist()) == (90, 140, [1])


def test_a_second_service_costs_no_second_hub() -> None:
    # Alone, each service is best where its people live. For 130 euros both fit in one hub, and none in two.
    gp = Offer("gp", (Size(15.0, 99.0),), np.array([50.0, 20.0]), np.array([[True, False], [False, True]]))
    shop = replace(gp, kind="supermarket", people=np.array([20.0, 60.0]))
    answer = best_answer(ServiceTask(TWO, (gp, shop), ServiceRules(130.0)), PATIENT)
    # West serves 20 for the GP and 60 for the shop; east 50 and 20.
    assert (answer.ids, answer.value, answer.served.tolist()) == (("west",), 80, [20, 60])


def test_weights_say_what_counts_more() -> None:
    gp = Offer("gp", (Size(15.0, 99.0),), np.array([50.0, 20.0]), np.array([[True, False], [False, True]]))
    shop = replace(gp, kind="supermarket", people=np.array([20.0, 60.0]))
    task = ServiceTask(TWO, (replace(gp, weight=3.0), shop), ServiceRules(130.0))
    # East counts for three times 50 and 20, so for 170; west for three times 20 and 60, so for 120.
    assert (best_answer(task, PATIENT).ids, best_answer(task, PATIENT).value) == (("east",), 170)


def test_what_too_few_use_is_not_kept_up() -> None:
    # Each hub needs 40 of the same 70 people, so only one of the two is kept up; with 80 people both are.
    both = np.array([[True], [True]])
    offer = Offer("gp", (Size(10.0, 50.0, 40.0),), np.array([70.0]), both)
    assert len(best_answer(ServiceTask(TWO, (offer,), ServiceRules(1e6)), PATIENT).ids) == 1
    more = replace(offer, people=np.array([80.0]))
    assert len(best_answer(ServiceTask(TWO, (more,), ServiceRules(1e6)), PATIENT).ids) == 2


def test_nobody_lacks_anything() -> None:
    offer = Offer("gp", (Size(10.0, 50.0),), np.zeros(1), np.array([[True], [True]]))
    answer = best_answer(ServiceTask(TWO, (offer,), ServiceRules(1e6)), PATIENT)
    assert (answer.ids, answer.value, answer.is_proved, answer.cost_per_year) == ((), 0, True, 0)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (ServiceRules(109.0), "A budget of € 109 a year buys nothing: .* costs € 110 a year"),
        (
            ServiceRules(219.0, fixed=("east", "west")),
            "The 2 fixed hubs cost € 220 a year .* budget is € 219 a year",
        ),
        (
            ServiceRules(500.0, n_hubs=1, fixed=("east", "west"), forbidden=("east", "mid")),
            "(?s)unknown sites mid.*east must have a hub and may not.*1 hubs at most, but 2 at least",
        ),
        (ServiceRules(500.0, forbidden=("east", "west")), "every site is forbidden"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused_in_words(rules: ServiceRules, said: str) -> None:
    offer = Offer("gp", (Size(10.0, 50.0),), np.array([70.0]), np.array([[True], [True]]))
    with pytest.raises(ScenarioError, match=said):
        best_answer(ServiceTask(TWO, (offer,), rules), PATIENT)


def test_a_service_that_needs_more_people_than_it_has_room_for_is_refused() -> None:
    offer = Offer("gp", (Size(10.0, 50.0, 60.0),), np.array([70.0]), np.array([[True], [True]]))
    with pytest.raises(ScenarioError, match="gp has room for 50 people and needs 60"):
        best_answer(ServiceTask(TWO, (offer,), ServiceRules(500.0)), PATIENT)


def test_a_hub_that_must_be_there_needs_people() -> None:
    offer = Offer("gp", (Size(10.0, 50.0),), np.array([70.0]), np.array([[True], [False]]))
    with pytest.raises(ScenarioError, match="There must be a hub in west, but no service has people enough"):
        best_answer(ServiceTask(TWO, (offer,), ServiceRules(500.0, fixed=("west",))), PATIENT)


def test_a_search_that_is_stopped_gives_what_it_has_with_a_true_bound() -> None:
    def stop(_step: Step) -> bool:
        return False

    for seed in range(20):
        task = random_services(seed)
        try:
            answer = best_answer(task, TimeLimit(60.0, PATIENT.clock, stop))
        except ScenarioError:
            continue
        choices = every_choice(task)
        assert choices[choice_of(answer)] == pytest.approx(answer.value, abs=1e-6)
        assert answer.bound >= max(choices.values()) - 1e-6
