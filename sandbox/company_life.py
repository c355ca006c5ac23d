"""What a made-up company does in a working day: files, signs, records, asks, withdraws; seeded dice decide."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.platform.hands import Impossible
from sandbox.platform.play import button_key
from sandbox.stage import SAMPLE_ORG, Stage

Json = dict[str, Any]
LEAST_PEOPLE = 19  # the sample company
_PER_SUPERVISOR = 8
_THINGS = ("服务器", "显示器", "打印纸", "交换机", "办公椅", "投影仪", "硬盘", "键盘")
_WHY = ("扩容", "旧的坏了", "新员工用", "日常消耗", "项目需要")
_REASONS = ("金额有误", "依据不足", "不在预算内", "重复申请")
_FILED = re.compile(r"^已提交采购 (CG-\d{8}-\d{4,})")
_SHARE_ACTING = 0.25  # of the people who do something by themselves on a day
_SIGNING_ROUNDS = 4  # times a day at which signers look at their phones


def write_org(path: Path, people: int) -> None:
    """Write the sample company, with more supervisors and specialists where more people are wanted."""
    told = yaml.safe_load(SAMPLE_ORG.read_text())
    listed: list[Json] = told["people"]
    heads = [each for each in told["departments"] if each["id"] not in ("office",)]
    supervisors: dict[str, str] = {}
    for number in range(1, people - len(listed) + 1):
        department = heads[number % len(heads)]
        grade, manager = "specialist", supervisors.get(department["id"], department["head"])
        if (number // len(heads)) % _PER_SUPERVISOR == 0:
            grade, manager = "supervisor", department["head"]
            supervisors[department["id"]] = f"p{number:04d}"
        listed.append(
            {
                "userid": f"p{number:04d}", "name": f"员工{number:04d}", "department": department["id"],
                "grade": grade, "manager": manager,
            }
        )
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False))


@dataclass
class Life:
    """
    Lives days on a stage.

    Attributes:
        filed: numbers that people were told their purchases have.
        acts: how many acts reached the product.
        undelivered: how many never got an answer (people see that and try again).
    """

    stage: Stage
    dice: random.Random
    people: Sequence[str]
    filed: list[tuple[str, str]] = field(default_factory=list)
    acts: int = 0
    undelivered: int = 0
    _day: int = 0

    def day(self) -> None:
        """Live one working day from the present moment, about 9 to 18 o'clock."""
        actors = [who for who in self.people if self.dice.random() < _SHARE_ACTING]
        self.dice.shuffle(actors)
        pieces = max(1, -(-len(actors) // _SIGNING_ROUNDS))
        for start in range(0, pieces * _SIGNING_ROUNDS, pieces):
            for who in actors[start : start + pieces]:
                self._act(who)
                self.stage.move(minutes=self.dice.randint(1, 6))
            self._sign_all()
            self.stage.move(minutes=self.dice.randint(20, 60))

    # -- one person

    def _act(self, who: str) -> None:
        kind = self.dice.random()
        if kind < 0.55:
            self._file(who)
        elif kind < 0.75:
            words = f"记录 客户服务 客户=客户{self.dice.randint(1, 99)} 内容=回访 结果=满意"
            self._say(who, words)
        elif kind < 0.82 and (mine := self._mine(who)):
            self._say(who, f"撤回 {self.dice.choice(mine)}")
        elif kind < 0.88 and (mine := self._mine(who)):
            self._say(who, f"催办 {self.dice.choice(mine)}")
        else:
            self._say(who, self.dice.choice(("待办", "我提交的", "帮助", "采够 打印纸")))

    def _file(self, who: str) -> None:
        amount = self.dice.choice((300, 1200, 8000, 35_000, 49_999, 50_000, 120_000))
        self._say(who, f"采购 {self.dice.choice(_THINGS)} {amount} {self.dice.choice(_WHY)}")

    def _mine(self, who: str) -> list[str]:
        return [number for number, applicant in self.filed[-200:] if applicant == who]

    def _say(self, who: str, words: str) -> None:
        outcome = self._try(lambda: self.stage.platform.hands.text(who, words).delivered)
        self.stage.run()
        if outcome:
            self._learn(who)

    def _learn(self, who: str) -> None:
        for message in self.stage.platform.world.chats[who][-6:]:
            found = _FILED.match(str(message.get("text", ""))) if message["direction"] == "out" else None
            if found is not None and (found.group(1), who) not in self.filed:
                self.filed.append((found.group(1), who))

    # -- signing

    def _sign_all(self) -> None:
        for who in self.people:
            for message in list(self.stage.platform.world.chats[who]):
                card = message.get("card")
                if card is not None and message.get("card_state") == "live" and self.dice.random() < 0.8:
                    self._sign(who, message["id"], card)

    def _sign(self, who: str, message_id: int, card: Json) -> None:
        fate = self.dice.random()
        words = "同意" if fate < 0.85 else "退回补充" if fate < 0.9 else "驳回"
        key = button_key(card, words)
        if key is None:
            return
        selected: dict[str, list[str]] = {}
        question = card.get("button_selection")
        if words != "同意" and question:
            wanted = self.dice.choice(_REASONS)
            chosen = [str(each["id"]) for each in question["option_list"] if each["text"] == wanted]
            selected = {question["question_key"]: chosen}
        self._try(lambda: self.stage.platform.hands.tap(who, message_id, key, selected).delivered)
        self.stage.run()

    def _try(self, act: Callable[[], bool]) -> bool:
        try:
            done = act()
        except Impossible:
            return False
        self.acts += done
        self.undelivered += not done
        return done
