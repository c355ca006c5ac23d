"""
Bugs to plant: each is a small change of the source, and the tests that must notice it.

A change whose words are not found exactly once fails a test of its own, so that a source that moves on is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Words of one file that are replaced; they must stand there exactly once."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Bug:
    """
    A bug and who must notice it.

    Attributes:
        name: what is wrong, in words.
        tests: files or single tests; together a matter of seconds.
    """

    name: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


def _bug(name: str, file: str, old: str, new: str, *tests: str) -> Bug:
    return Bug(name, (Change(file, old, new),), tests)


BUGS: tuple[Bug, ...] = (
    _bug(
        "no unique key on the outbox",
        "storage/migrations/versions/0009_lean.py",
        '["number", "dedupe_key"]', '["number", "dedupe_key", "id"]',
        "tests/storage/test_migrations.py::test_the_migrated_schema_is_the_typed_one[sqlite]",
    ),
    _bug(
        "a commit that fails is answered 200",
        "storage/store.py",
        '                    cursor.execute("COMMIT")\n                    return result',
        "                    try:\n"
        '                        cursor.execute("COMMIT")\n'
        "                    except Exception:\n"
        '                        connection.in_transaction and cursor.execute("ROLLBACK")\n'
        "                    return result",
        "tests/bot/test_answer_after_commit.py",
    ),
    _bug(
        "what could not be kept is answered 200",
        "bot/web.py",
        'return Response(b"", 503, headers={"Retry-After": "1"})', 'return Response(b"", 200)',
        "tests/bot/test_answer_after_commit.py",
    ),
    Bug(
        "commits are not synced",
        (
            Change("storage/engine.py", 'run("PRAGMA synchronous = FULL")', 'run("PRAGMA synchronous = NORMAL")'),
            Change("storage/engine.py", '"synchronous": 2', '"synchronous": 1'),
        ),
        ("tests/campaigns/test_power_cuts.py",),
    ),
    _bug(
        "writers begin without taking the lock",
        "storage/store.py",
        '    if left > LOCK_SECONDS * 1000 - 100:\n        cursor.execute("BEGIN IMMEDIATE")',
        '    if left > LOCK_SECONDS * 1000 - 100:\n        cursor.execute("BEGIN")',
        "tests/storage/test_unit.py::test_eight_threads_append_to_one_gapless_chain[sqlite]",
    ),
    _bug(
        "the chain's head is read before others have let go of it",
        "storage/chain.py",
        "    if unit.dialect == POSTGRESQL:\n        unit.one(_LOCK, key=_LOCK_KEYS[chain])\n", "",
        "tests/storage/test_unit.py::test_eight_threads_append_to_one_gapless_chain[postgresql]",
    ),
    _bug(
        "evidence may change without an event",
        "storage/chain.py",
        "    unit.check_audited()\n", "",
        "tests/storage/test_unit.py::"
        "test_evidence_that_changed_without_an_event_is_refused_and_nothing_is_left[sqlite]",
    ),
    _bug(
        "leases are not fenced",
        "storage/queries/deliveries.py",
        'key = {"id": delivery.id, "lease_token": delivery.lease_token, "state": DeliveryState.LEASED.value}',
        'key = {"id": delivery.id, "state": DeliveryState.LEASED.value}',
        "tests/notifications/test_delivery.py::"
        "test_a_stale_holder_records_nothing_on_a_row_that_another_holds_at_that_moment[sqlite]",
    ),
    _bug(
        "the row is not marked as leaving before it leaves",
        "notifications/delivery.py",
        "            rows.mark_leaving(unit, lane, token, now)\n", "            pass\n",
        "tests/notifications/test_delivery.py::"
        "test_a_holder_that_vanished_leaves_an_unknown_row_that_is_sent_again[sqlite]",
    ),
    _bug(
        "a second copy goes out with another body",
        "notifications/calls.py",
        "sender.send(errand.delivery.body)", 'sender.send(errand.delivery.body + b" " * errand.delivery.attempt)',
        "tests/notifications/test_delivery.py::test_a_lost_answer_is_sent_again_byte_for_byte_and_shown_once[sqlite]",
    ),
    _bug(
        "a second copy goes out when WeCom would show it",
        "notifications/fates.py",
        "    return now < first_sent_at + DUPLICATE_WINDOW - WINDOW_MARGIN",
        "    return now < first_sent_at + 2 * DUPLICATE_WINDOW",
        "tests/notifications/test_fates.py",
    ),
    _bug(
        "one message a minute too many",
        "notifications/throttle.py",
        "    if len(recent) < most:", "    if len(recent) <= most:",
        "tests/notifications/test_throttle.py",
    ),
    _bug(
        "Monday 9:00 is UTC's",
        "policy/schedules.py",
        "            due = calendar.at(_working(wanted, calendar), self.at)",
        "            due = datetime.combine(_working(wanted, calendar), self.at, instant.tzinfo)",
        "tests/policy/test_weekly_and_daily.py",
    ),
    _bug(
        "messages are told apart by MsgId only",
        "bot/wecom/dedupe.py",
        "if name not in _NOT_CONTENT},", 'if name == "MsgId"},',
        "tests/bot/wecom/test_dedupe.py",
    ),
    _bug(
        "a superseded reminder fires as well",
        "notifications/ticker.py",
        "        newer = rows.newer_due(unit, row, now)", "        newer = None",
        "tests/notifications/test_ticker.py::"
        "test_latest_supersedes_the_older_ones_of_the_same_subject_with_evidence[sqlite]",
    ),
    _bug(
        "a deadline that another clock took fires again",
        "storage/queries/due.py",
        "    .where(DEADLINE.c.id == bindparam(\"of_id\"), _PENDING)\n    .values(state=bindparam(\"to_state\")",
        "    .where(DEADLINE.c.id == bindparam(\"of_id\"))\n    .values(state=bindparam(\"to_state\")",
        "tests/notifications/test_ticker.py::test_a_deadline_that_is_settled_at_the_last_moment_is_not_taken[postgresql]",
    ),
    _bug(
        "quiet hours hold back no text",
        "notifications/post.py",
        "self.now if lane is Lane.URGENT else may_leave_at(self.now, self.calendar)", "self.now",
        "tests/notifications/test_morning.py::test_held_texts_of_one_person_become_one_message_in_order[sqlite]",
    ),
    _bug(
        "the worker runs any function that a job names",
        "bot/worker.py",
        "    if not isinstance(name, str) or name not in names:", "    if not isinstance(name, str):",
        "tests/bot/test_worker.py::test_a_foreign_call_is_refused_when_read[a function of ours that is not in the set]",
    ),
    _bug(
        "a lost ring waits until another lane falls silent",
        "bot/worker.py",
        "if ring is None or time.monotonic() - self._looked_at >= WAIT_SECONDS:", "if ring is None:",
        "tests/bot/test_worker.py::"
        "test_a_ring_that_was_lost_is_made_up_for_while_another_lanes_rings_never_pause",
    ),
    _bug(
        "any signature opens the door",
        "bot/wecom/codec.py",
        "        return hmac.compare_digest(self.sign(timestamp, nonce, encrypt).encode(), signature.encode())",
        "        return len(signature) == 40",
        "tests/bot/wecom/test_door.py",
    ),
    _bug(
        "a callback for another company is taken",
        "bot/wecom/codec.py",
        "        if not hmac.compare_digest(plain[end:whole], self._receive_id):", "        if end > whole:",
        "tests/bot/wecom/test_codec.py",
    ),
    _bug(
        "an amount exactly at the limit takes the easier way",
        "policy/chains.py",
        "    below = fen < parameters.director_from", "    below = fen <= parameters.director_from",
        "tests/controls/test_4_1a.py",
    ),
    _bug(
        "people sign their own money",
        "policy/chains.py",
        "    if holder.userid != applicant:", "    if holder.userid:",
        "tests/handlers/test_purchase_signers.py",
    ),
    _bug(
        "a card of an older round is accepted",
        "policy/approvals.py",
        "    refused = stale(approval, act)", "    refused = None",
        "tests/handlers/test_purchase_decisions.py::test_a_card_of_an_older_round_is_void_and_says_what_holds_now",
    ),
    _bug(
        "a first card goes to who has got one meanwhile",
        "handlers/asking.py",
        "        if seat.id not in held and ", "        if ",
        "tests/handlers/test_asking.py::test_whom_it_was_handed_to_before_the_first_card_gets_one_card",
    ),
)
